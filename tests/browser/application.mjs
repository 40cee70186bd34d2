// The application under test, as a process of its own on free ports.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Starts it, with more environment where it is wanted, and reads its addresses from what it prints. */
export async function startApplication(more = {}) {
  const program = process.env.IDV_WEB;
  if (!program) throw new Error("IDV_WEB is not set: run the tests through `cargo xtask test --only browser`");
  const folder = mkdtempSync(join(tmpdir(), "idv-web-"));
  const child = spawn(program, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PORT: "0", RUST_LOG: "debug", DATABASE_URL: `sqlite://${join(folder, "web.db")}`, ...more },
  });
  let log = "";
  child.stderr.on("data", (data) => { log += data; });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const address = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the application ended:\n${log}`);
    return value.slice(value.indexOf("http"));
  };
  const [url, metrics] = [await address(), await address()];
  // With real vendors there is no third one.
  const vendors = more.IDV_CONFIG ? null : await address();
  return {
    url,
    metrics,
    vendors,
    /** The folder of its database. */
    folder,
    /** All that it has logged, at the level `debug`. */
    log: () => log,
    /** Stops it as an operator does; resolves to its exit code. */
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
      rmSync(folder, { recursive: true });
      return child.exitCode;
    },
  };
}
