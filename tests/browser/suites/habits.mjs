// What people do: double clicks, the back button, reloads, second tabs, other people's addresses.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";

import { Person } from "../people.mjs";
import { world } from "../world.mjs";

/** How many sessions the vendor has of an applicant. */
async function sessionsOf(person, provider) {
  return (await world.vendors.all(provider)).filter(({ external_id }) => external_id === `user-${person.name}`).length;
}

export function habits() {
  test("a double click makes one session", async () => {
    await world.operator.switchTo("veriff");
    const person = await Person.enter(world);
    await person.open("/verify");
    await person.page.getByRole("button", { name: "Begin" }).dblclick();
    await person.page.waitForURL("**/hand-off");
    assert.equal(await sessionsOf(person, "veriff"), 1);
    await person.page.getByRole("link", { name: "Continue here" }).waitFor();
  });

  test("starts from two tabs make one session", async () => {
    await world.operator.switchTo("veriff");
    const person = await Person.enter(world);
    const second = await person.context.newPage();
    const tabs = [person.page, second];
    for (const tab of tabs) await tab.goto(new URL("/verify", world.application.url).href);
    await Promise.all(tabs.map((tab) => tab.getByRole("button", { name: "Begin" }).click()));
    await Promise.all(tabs.map((tab) => tab.waitForURL("**/hand-off")));
    assert.equal(tabs[0].url(), tabs[1].url());
    const links = await Promise.all(tabs.map((tab) => tab.locator("#here").getAttribute("href")));
    assert.equal(links[0], links[1]);
    assert.equal(await sessionsOf(person, "veriff"), 1);
  });

  test("a second tab follows what happens in the first", async () => {
    await world.operator.switchTo("veriff");
    const person = await (await Person.enter(world)).begin();
    const second = await person.context.newPage();
    await second.goto(new URL(`/verifications/${person.id}`, world.application.url).href);
    await person.page.getByRole("link", { name: "Continue here" }).click();
    await person.atVendor("submit");
    await second.locator('#state [data-status="in_review"]').waitFor();
    await person.happens("approve");
    await second.locator('#state [data-status="approved"]').waitFor();
  });

  test("reload and back button keep the session and its link", async () => {
    await world.operator.switchTo("veriff");
    const person = await (await Person.enter(world)).begin();
    const link = await person.page.locator("#here").getAttribute("href");
    await person.page.reload();
    assert.equal(await person.page.locator("#here").getAttribute("href"), link);
    await person.page.getByRole("link", { name: "Continue here" }).click();
    await person.page.getByTestId("submit").waitFor();
    await person.page.goBack();
    assert.equal(await person.page.locator("#here").getAttribute("href"), link);
    await person.page.goBack();
    // The form of a start is behind it: with an open verification it leads there.
    await person.page.reload();
    await person.page.waitForURL(`**/verifications/${person.id}`);
    assert.equal(await sessionsOf(person, "veriff"), 1);
  });

  test("after the decision, the back button shows no old hand-off", async () => {
    await world.operator.switchTo("veriff");
    const person = await (await Person.enter(world)).begin();
    await person.page.getByRole("link", { name: "Continue here" }).click();
    await person.atVendor("submit");
    await person.happens("approve");
    await person.sees("approved");
    await person.open(`/verifications/${person.id}/hand-off`);
    await person.page.waitForURL(`**/verifications/${person.id}`);
  });

  test("another user's verification reads like one that does not exist", async () => {
    await world.operator.switchTo("veriff");
    const person = await (await Person.enter(world)).begin();
    const other = await Person.enter(world);
    for (const path of ["", "/hand-off", "/embedded", "/events"]) {
      await other.isRefused(`/verifications/${person.id}${path}`, 404);
      const theirs = (await other.page.content()).replaceAll(String(person.id), "N");
      await other.isRefused(`/verifications/999999${path}`, 404);
      assert.equal((await other.page.content()).replaceAll("999999", "N"), theirs);
    }
    await other.isRefused("/verifications/nonsense", 404);
  });

  test("a form of another site starts nothing", async () => {
    await world.operator.switchTo("veriff");
    const person = await Person.enter(world);
    // Another port is another origin on the same host, which gets the cookie.
    const elsewhere = createServer((_, response) => {
      const action = new URL("/verify", world.application.url).href;
      response.setHeader("content-type", "text/html").end(`<form method="post" action="${action}"><button>Win a prize</button></form>`);
    });
    await once(elsewhere.listen(0, "127.0.0.1"), "listening");
    await person.page.goto(`http://127.0.0.1:${elsewhere.address().port}/`);
    const answer = person.page.waitForResponse((answer) => answer.url().endsWith("/verify"));
    await person.page.getByRole("button").click();
    assert.equal((await answer).status(), 403);
    elsewhere.close();
    assert.equal(await sessionsOf(person, "veriff"), 0);
    person.forgiveRefusals();
  });

  test("starts are limited", async () => {
    await world.operator.switchTo("veriff");
    const person = await Person.enter(world);
    let refused;
    for (let count = 0; count < 6; count += 1) refused = await person.send("/verify");
    assert.equal(refused.status(), 429);
    assert.ok(Number(refused.headers()["retry-after"]) > 0);
    assert.equal(await sessionsOf(person, "veriff"), 1);
  });

  test("what is missing or wrong is said beside the field, and what is right stays", async () => {
    await world.operator.switchTo("sessions");
    const person = await Person.enter(world);
    await person.open("/verify");
    await person.page.getByLabel("First name").fill("Ada");
    await person.page.getByLabel("Last name").fill("Sample");
    await person.page.getByLabel("E-mail address").fill("ada@example.test");
    await person.page.getByLabel("Phone number").fill("12");
    await person.page.getByRole("button", { name: "Begin" }).click();
    await person.page.getByText("Please check this.").waitFor();
    assert.equal(await person.page.getByLabel("Phone number").getAttribute("aria-invalid"), "true");
    assert.equal(await person.page.getByLabel("First name").inputValue(), "Ada");
    assert.equal(await sessionsOf(person, "sessions"), 0);
    person.forgiveRefusals();
  });
}
