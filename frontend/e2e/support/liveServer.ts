import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../../..");
export const PYTHON = join(ROOT, ".venv/bin/python");
const READY_WITHIN_MS = 300_000;
const STOP_WITHIN_MS = 20_000;

export interface Account {
  username: string;
  password: string;
}

export const USER: Account = { username: "reader", password: "a-long-test-password" };
export const MODEL_ADMIN: Account = { username: "model-admin", password: "a-long-test-password" };

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => {
        resolve(port);
      });
    });
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export function environment(folder: string): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, FRONTEND_DIST } = process.env;
  return {
    PATH,
    HOME,
    LANG,
    FRONTEND_DIST,
    DATA_DIR: folder,
    MODE: "embedded",
    MASK_TEXT: "false",
    TEXT_CHECK: "false",
  };
}

export function manage(folder: string, ...args: string[]): void {
  const options = { cwd: ROOT, env: environment(folder), stdio: "pipe" } as const;
  execFileSync(PYTHON, ["manage.py", ...args], options);
}

/** Takes the active version of a modality away, and gives it back. */
export function withdrawModel(folder: string, modality: string): () => void {
  const move = (from: string, to: string) => {
    const change = `from backend.registry.models import ModelVersion as m; m.objects.filter(modality="${modality}", state="${from}").update(state="${to}")`;
    manage(folder, "shell", "--command", change);
  };
  move("active", "checked");
  return () => {
    move("checked", "active");
  };
}

/** Another real checkpoint for 2D images, as somebody would bring it to the server. */
export function makeCandidate(folder: string, seed = 11): string {
  const make = `
from pathlib import Path
from tests.tiny_models import tiny_checkpoint
tiny_checkpoint(Path(${JSON.stringify(folder)}), "2d", ${seed})`;
  manage(folder, "shell", "--command", make);
  return join(folder, `tiny-2d-${seed}.safetensors`);
}

/** A whole installation in a folder of its own: real web process, real worker, small real checkpoints. */
export class LiveServer {
  readonly folder = mkdtempSync(join(tmpdir(), "cv4ln-e2e-"));
  private process: ChildProcess | undefined;
  baseUrl = "";

  /** `settings`: environment variables beside those of every test. */
  constructor(private readonly settings: NodeJS.ProcessEnv = {}) {}

  /** Starts with an active version for each modality; E2E_MODELS names a folder of other checkpoints. */
  async start(): Promise<void> {
    const port = await freePort();
    this.baseUrl = `http://127.0.0.1:${port}`;
    this.manage("migrate", "--verbosity", "0");
    this.manage("model_import", ...this.checkpoints(), "--activate");
    this.createUser(USER);
    this.createUser(MODEL_ADMIN, "model_admin");
    const log = openSync(join(this.folder, "serve.log"), "a");
    this.process = spawn(PYTHON, ["manage.py", "serve", "--port", String(port)], {
      cwd: ROOT,
      env: this.environment,
      stdio: ["ignore", log, log],
    });
    await this.ready();
  }

  async stop(): Promise<void> {
    const server = this.process;
    if (server && server.exitCode === null) {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGINT");
      await Promise.race([ended, pause(STOP_WITHIN_MS).then(() => server.kill("SIGKILL"))]);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get environment(): NodeJS.ProcessEnv {
    return { ...environment(this.folder), OMP_NUM_THREADS: "2", ...this.settings };
  }

  private manage(...args: string[]): void {
    manage(this.folder, ...args);
  }

  private checkpoints(): string[] {
    const folder = process.env.E2E_MODELS ?? join(this.folder, "made");
    if (!process.env.E2E_MODELS) {
      const make = `
from pathlib import Path
from tests.tiny_models import tiny_checkpoints
folder = Path(${JSON.stringify(folder)})
folder.mkdir()
tiny_checkpoints(folder)`;
      this.manage("shell", "--command", make);
    }
    return readdirSync(folder)
      .filter((name) => name.endsWith(".safetensors"))
      .map((name) => join(folder, name));
  }

  private createUser({ username, password }: Account, group?: string): void {
    const make = `
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
user = get_user_model().objects.create_user("${username}", password="${password}")
${group ? `user.groups.add(Group.objects.get(name="${group}"))` : ""}`;
    this.manage("shell", "--command", make);
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (Date.now() < deadline) {
      const answer = await fetch(`${this.baseUrl}/readyz`).catch(() => null);
      if (answer?.status === 200) return;
      if (this.process?.exitCode !== null) break;
      await pause(200);
    }
    const log = readFileSync(join(this.folder, "serve.log"), "utf8").slice(-4000);
    await this.stop();
    throw new Error(`The server did not become ready:\n${log}`);
  }
}
