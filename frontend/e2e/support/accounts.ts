import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";

import { environment, freePort, manage, PYTHON, ROOT, type Account } from "./liveServer";

const WEB_READY_WITHIN_MS = 60_000;
const STEP_S = 30;

/** An account that a test may change as it likes; as new, also when the test runs once more. */
export function makeAccount(
  folder: string,
  { username, password }: Account,
  { role = "", siteAdmin = false }: { role?: string; siteAdmin?: boolean } = {},
): Account {
  const make = `
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
user, _ = get_user_model().objects.get_or_create(username="${username}")
user.is_superuser, user.is_active = ${siteAdmin ? "True" : "False"}, True
user.set_password("${password}")
user.save()
for devices in (user.totpdevice_set, user.staticdevice_set):
    devices.all().delete()
user.groups.set(Group.objects.filter(name="${role}"))`;
  manage(folder, "shell", "--command", make);
  return { username, password };
}

/** A second web process over the same data with other settings; its answer is how to end it. */
export async function startWeb(
  folder: string,
  settings: Record<string, string>,
): Promise<{ url: string; stop: () => void }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...environment(folder), HOST: "127.0.0.1", PORT: String(port), ...settings };
  const command = [
    "-m",
    "gunicorn",
    "backend.config.wsgi",
    "--config",
    "backend/config/gunicorn.py",
  ];
  const web = spawn(PYTHON, command, { cwd: ROOT, env, stdio: "ignore" });
  const deadline = Date.now() + WEB_READY_WITHIN_MS;
  while (Date.now() < deadline && web.exitCode === null) {
    const answer = await fetch(`${url}/healthz`).catch(() => null);
    if (answer?.ok) return { url, stop: () => web.kill("SIGTERM") };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  web.kill("SIGKILL");
  throw new Error("The second web process did not start.");
}

function fromBase32(text: string): Buffer {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...text.replaceAll(/[\s=]/g, "")]
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** What an authenticator app shows (RFC 6238); `ahead` steps of 30 s later. */
export function totp(secret: string, ahead = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP_S) + ahead));
  const digest = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0xf;
  const code = (digest.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 1_000_000;
  return String(code).padStart(6, "0");
}
