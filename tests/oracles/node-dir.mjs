// Where the oracles' packages are installed: not beside these files, but in the build directory.

import { createRequire } from "node:module";
import { join } from "node:path";

const directory = process.env.IDV_ORACLE_NODE_DIR;
if (!directory) {
  process.stderr.write("IDV_ORACLE_NODE_DIR is not set: run the tests through `cargo xtask test`\n");
  process.exit(2);
}

/** Loads an installed package. */
export const requireOracle = createRequire(join(directory, "package.json"));
