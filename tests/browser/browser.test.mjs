// The web example in a real browser. Run by `cargo xtask test --only browser`.

import { describe } from "node:test";

import { setUp } from "./world.mjs";

import { access } from "./suites/access.mjs";
import { embedding } from "./suites/embedding.mjs";
import { habits } from "./suites/habits.mjs";
import { handoffs } from "./suites/handoffs.mjs";
import { operating } from "./suites/operating.mjs";
import { privacy } from "./suites/privacy.mjs";
import { restarts } from "./suites/restarts.mjs";
import { returns } from "./suites/returns.mjs";

describe("the web example", { timeout: 600_000 }, () => {
  setUp();
  for (const suite of [handoffs, embedding, returns, habits, operating, access, restarts]) describe(suite.name, suite);
  // The last one looks at all that the others have left in the log.
  describe(privacy.name, privacy);
});
