// The application with a configuration of its own and on PostgreSQL, as with real vendors, across a restart. The vendors are those of the other process.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { startApplication } from "../application.mjs";
import { Person } from "../people.mjs";
import { world } from "../world.mjs";

/** The configuration of two vendors: one has fresh links, the other has none. */
async function configuration() {
  const { session_api: sessions, stripe } = await world.vendors.call("GET", "/vendors");
  return `active = "sessions"

[providers.sessions]
kind = "session-api"
preset = "deepidv"
base_url = "${sessions.base_url}"
api_key = { env = "SESSIONS_KEY" }

[providers.stripe]
kind = "stripe-identity"
base_url = "${stripe.base_url}"
secret_key = "${stripe.secret_key}"
`;
}

export function restarts() {
  let folder, environment;
  before(async () => {
    assert.ok(process.env.IDV_TEST_POSTGRES, "IDV_TEST_POSTGRES is not set: run the tests through `cargo xtask test --only browser`");
    folder = mkdtempSync(join(tmpdir(), "idv-web-restart-"));
    const file = join(folder, "idv.toml");
    writeFileSync(file, await configuration());
    const { session_api: sessions } = await world.vendors.call("GET", "/vendors");
    environment = {
      IDV_CONFIG: file,
      ACCOUNTS: "ada:right, operator:other",
      SESSIONS_KEY: sessions.api_key,
      DATABASE_URL: process.env.IDV_TEST_POSTGRES,
    };
  });
  after(() => rmSync(folder, { recursive: true }));

  /** A person at a process of the application, signed in with a password. */
  const enter = async (application, name = "ada", password = "right") => {
    const person = await Person.stranger({ ...world, application });
    await person.open("/sign-in");
    await person.page.getByLabel("Name").fill(name);
    await person.page.getByLabel("Password").fill(password);
    await person.page.getByRole("button", { name: "Sign in" }).click();
    return person;
  };

  /** Ends the application, once nobody looks at it any more: a page that does would complain. */
  const end = async (application, ...people) => {
    await Promise.all(people.map(({ context }) => context.close()));
    assert.equal(await application.stop(), 0);
  };

  /** Begins as far as the hand-off, and gives the number of the verification. */
  const begin = async (person) => {
    for (const [label, value] of [
      ["First name", "Ada"], ["Last name", "Sample"], ["E-mail address", "ada@example.test"], ["Phone number", "+15195550100"],
    ]) await person.page.getByLabel(label).fill(value);
    await person.page.getByRole("button", { name: "Begin" }).click();
    await person.page.locator("#here").waitFor();
    return Number(person.page.url().match(/verifications\/(\d+)/)[1]);
  };

  for (const [name, wrong, message] of [
    ["a port that is none", { PORT: "many" }, /^error: the environment variable PORT is not a port$/m],
    ["a public address without TLS", { PUBLIC_URL: "http://app.example" }, /^error: the environment variable PUBLIC_URL is not an https URL/m],
    ["real vendors for everybody", { IDV_CONFIG: "idv.toml" }, /^error: IDV_CONFIG names real vendors, so ACCOUNTS has to name/m],
    ["a configuration that is not there", { IDV_CONFIG: "missing.toml", ACCOUNTS: "a:b" }, /^error: .*missing.toml cannot be read/m],
  ]) {
    test(`${name}: the program says so, and ends`, () => {
      const ended = spawnSync(process.env.IDV_WEB, { env: { PORT: "0", ...wrong }, encoding: "utf8", timeout: 20_000 });
      assert.equal(ended.status, 1);
      assert.match(ended.stderr, message);
    });
  }

  test("without a password nobody enters", async () => {
    const application = await startApplication(environment);
    const person = await enter(application, "ada", "wrong");
    await person.page.getByText("Please check your name and password.").waitFor();
    person.forgiveRefusals();
    const other = await enter(application, "grace");
    await other.page.getByText("Please check your name and password.").waitFor();
    other.forgiveRefusals();
    await end(application, person, other);
  });

  test("after a restart the verification is there, its link is not, and the applicant can go on", async () => {
    let application = await startApplication(environment);
    let person = await enter(application);
    await person.page.getByRole("link", { name: "Verify my identity" }).click();
    const first = await begin(person);
    await end(application, person);

    application = await startApplication(environment);
    person = await enter(application);
    await person.page.locator(".list a").click();
    await person.page.getByRole("link", { name: "Begin anew" }).click();
    await person.page.getByText("takes its place").waitFor();
    const second = await begin(person);
    assert.notEqual(second, first);

    // With a link there is nothing to begin anew: neither the page nor a form of one's own opens another session.
    await person.open("/verify?anew=true");
    await person.page.waitForURL(`**/verifications/${second}`);
    const answer = await person.send("/verify", { anew: "true", first_name: "Ada" });
    assert.equal(answer.headers().location, `/verifications/${second}/hand-off`);
    await end(application, person);
  });
}
