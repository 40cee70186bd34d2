// The operator: all verifications, their history, and the provider of new sessions.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Person } from "../people.mjs";
import { world } from "../world.mjs";

export function operating() {
  test("a switch in the middle of a session leaves it where it is", async () => {
    await world.operator.switchTo("veriff");
    const before = await (await Person.enter(world)).begin();
    await before.page.getByRole("link", { name: "Continue here" }).click();
    await world.operator.switchTo("stripe");
    const after = await (await Person.enter(world)).begin();
    assert.ok(before.session.startsWith("veriff:") && after.session.startsWith("stripe:"));

    await before.atVendor("submit");
    await before.happens("approve");
    await before.sees("approved");
    await after.page.getByRole("link", { name: "Continue here" }).click();
    await after.atVendor("submit");
    await after.happens("approve");
    await after.sees("approved");
  });

  test("a form that was opened before a switch asks the questions of the new vendor, and starts nothing", async () => {
    await world.operator.switchTo("veriff");
    const person = await Person.enter(world);
    await person.open("/verify");
    await world.operator.switchTo("sessions");
    await person.page.getByRole("button", { name: "Begin" }).click();
    await person.page.getByText("The questions have changed").waitFor();
    person.forgiveRefusals();
    await person.page.getByLabel("Phone number").waitFor();
    await person.begin();
    assert.ok(person.session.startsWith("sessions:"));
  });

  test("an applicant whose session is open keeps it after a switch", async () => {
    await world.operator.switchTo("veriff");
    const person = await (await Person.enter(world)).begin();
    await world.operator.switchTo("stripe");
    await person.open("/verify");
    await person.page.waitForURL(`**/verifications/${person.id}`);
  });

  test("the history has every observation and every change", async () => {
    await world.operator.switchTo("veriff");
    const person = await (await Person.enter(world)).begin();
    await person.page.getByRole("link", { name: "Continue here" }).click();
    await person.atVendor("submit");
    await person.happens({ act: "reject", reason: "watchlist" });
    await person.sees("rejected");
    assert.doesNotMatch(await person.text(), /list/i, "no applicant is told of a match in a list");

    await world.operator.open(`/operator/verifications/${person.id}`);
    const history = await world.operator.text();
    for (const expected of [/start\s+in_progress/, /webhook\s+rejected\s+declined/, /watchlist/, /rejected\s+webhook/]) {
      assert.match(history, expected);
    }
    await world.operator.open("/operator");
    const line = world.operator.page.locator(`tr[data-id="${person.id}"]`);
    assert.match(await line.innerText(), /veriff\s+rejected/);
  });

  test("a wait that the vendor asks for is told and kept", async () => {
    await world.operator.switchTo("cards");
    const person = await (await Person.enter(world)).begin();
    await person.page.getByRole("link", { name: "Continue here" }).click();
    await person.atVendor("submit");
    await person.happens("reject");
    await person.sees("rejected");
    assert.match(await person.text(), /try again in 24 hours/);
    assert.equal((await person.send("/verify")).status(), 429);
    await world.vendors.advance(25 * 3600);
    await person.begin();
    await person.page.getByRole("link", { name: "Continue here" }).click();
    await person.atVendor("submit");
    await person.happens("approve");
    await person.sees("approved");
  });

  test("the next try goes where the vendor sends it, whatever is active", async () => {
    await world.operator.switchTo("signup");
    const person = await (await Person.enter(world)).begin();
    await person.page.getByRole("link", { name: "Continue here" }).click();
    await person.atVendor("submit");
    await person.happens("reject");
    await person.sees("rejected");
    await world.operator.switchTo("veriff");
    await person.begin();
    assert.ok(person.session.startsWith("cards:"), person.session);
  });

  test("nobody else sees these pages", async () => {
    const person = await Person.enter(world);
    await person.isRefused("/operator", 404);
    await person.isRefused("/operator/verifications/1", 404);
    const answer = await person.send("/operator/active", { provider: "veriff" });
    assert.equal(answer.status(), 404);
  });

  test("health and metrics are there, on a port of their own", async () => {
    const metrics = await (await fetch(world.application.metrics)).text();
    assert.match(metrics, /idv_calls_total\{[^}]*operation="start"[^}]*outcome="ok"/);
    const health = await fetch(new URL("/health", world.application.metrics));
    assert.equal(health.status, 200);
    assert.equal(typeof (await health.json()).counts.due, "number");
    const person = await Person.enter(world);
    await person.isRefused("/metrics", 404);
  });
}
