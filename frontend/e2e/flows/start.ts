import { LiveServer } from "../support/liveServer";

/** Starts a server for the whole run, unless BASE_URL names one that runs already. */
export default async function start(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.BASE_URL) return undefined;
  const server = new LiveServer();
  await server.start(["2d", "cdfi", "elastography"]);
  process.env.BASE_URL = server.baseUrl;
  process.env.E2E_HAS_USER = "1";
  return () => server.stop();
}
