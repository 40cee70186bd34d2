// What no log may hold.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { Person } from "../people.mjs";
import { world } from "../world.mjs";

/** Everything in the files of a folder, as the bytes of a text. */
function contents(folder) {
  return readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString("latin1")).join("\n");
}

export function privacy() {
  test("links, tokens, nonces and personal data are in no log and in no database", async () => {
    await world.operator.switchTo("sessions");
    const person = await (await Person.enter(world)).begin();
    const link = await person.page.locator("#here").getAttribute("href");
    await person.page.getByRole("link", { name: "Continue here" }).click();
    await person.atVendor("submit");
    await person.page.waitForURL("**/return?*");
    const nonce = new URL(person.page.url()).searchParams.get("idv_state");

    await world.operator.switchTo("primary");
    const other = await (await Person.enter(world)).begin();
    const answer = await other.send(`/verifications/${other.id}/token`);
    const { token } = await answer.json();
    const cookie = (await person.context.cookies()).find(({ name }) => name === "session").value;

    const secrets = { link: new URL(link).pathname, nonce, token, cookie, name: "Sample", mail: "ada@example.test", phone: "15195550100" };
    const places = { log: world.application.log(), database: contents(world.application.folder) };
    for (const [place, text] of Object.entries(places)) {
      assert.ok(text.length > 1000, `there is nothing in the ${place}`);
      const found = Object.entries(secrets).filter(([, secret]) => text.includes(secret)).map(([what]) => what);
      assert.deepEqual(found, [], `in the ${place}`);
    }
  });

  test("a cookie is of no use to scripts, and to other sites on few occasions", async () => {
    const person = await Person.enter(world);
    const [cookie] = await person.context.cookies();
    assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, "Lax"]);
  });
}
