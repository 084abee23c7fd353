import { LiveServer } from "../support/liveServer";

/** Starts a server for the whole run, unless BASE_URL names one that runs already. */
export default async function start(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.BASE_URL) return undefined;
  const server = new LiveServer();
  await server.start();
  process.env.BASE_URL = server.baseUrl;
  process.env.E2E_DATA_DIR = server.folder;
  return () => server.stop();
}
