// The vendor's component in a page of the application.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Person } from "../people.mjs";
import { world } from "../world.mjs";

async function embedded() {
  await world.operator.switchTo("primary");
  const person = await (await Person.enter(world)).begin();
  await person.page.getByRole("link", { name: "Continue in this page" }).click();
  await person.page.getByRole("heading", { name: "Photo of a document" }).waitFor();
  return person;
}

const next = (person) => person.page.getByRole("button", { name: "Continue" }).click();

async function submit(person) {
  await next(person);
  await person.page.getByRole("heading", { name: "Selfie" }).waitFor();
  await next(person);
  await person.page.getByRole("button", { name: "Submit" }).click();
  // Back at the page of the state, which claims nothing yet.
  await person.page.waitForURL(`**/verifications/${person.id}`);
}

export function embedding() {
  test("approved", async () => {
    const person = await embedded();
    await submit(person);
    await person.sees("in_progress");
    await person.happens("approve");
    await person.sees("approved");
  });

  test("rejected", async () => {
    const person = await embedded();
    await submit(person);
    await person.happens("reject");
    await person.sees("rejected");
    assert.match(await person.text(), /write to our support/);
  });

  test("left before the end, and gone on with", async () => {
    const person = await embedded();
    await next(person);
    await person.page.getByRole("heading", { name: "Selfie" }).waitFor();
    await person.open("/");
    await person.page.getByRole("link", { name: "Waiting for you" }).click();
    await person.page.getByRole("link", { name: "Continue" }).click();
    await person.page.getByRole("link", { name: "Continue in this page" }).click();
    await person.page.getByRole("heading", { name: "Selfie" }).waitFor();
  });

  test("sent again after a correction was asked for", async () => {
    const person = await embedded();
    await submit(person);
    await person.happens("require_resubmission");
    await person.sees("resubmission_required");
    await person.page.getByRole("button", { name: "Continue with a new link" }).click();
    await person.page.getByRole("link", { name: "Continue in this page" }).click();
    await person.page.locator("#component h2").waitFor();
    await person.happens("approve");
    await person.sees("approved");
  });

  test("the token runs out in the middle, and nothing is lost", async () => {
    const person = await embedded();
    await person.page.getByLabel("Note").fill("kept");
    await world.vendors.advance(31 * 60);
    const refreshed = person.page.waitForResponse((answer) => answer.url().endsWith("/token/fresh"));
    await next(person);
    assert.equal((await refreshed).status(), 200);
    await person.page.getByRole("heading", { name: "Selfie" }).waitFor();
    assert.equal(await person.page.getByLabel("Note").inputValue(), "kept");
    // The component tried its old token first, and the console says so.
    person.complaints = person.complaints.filter((text) => !/status of 401/.test(text));
  });

  test("a token of another user is not given out", async () => {
    const person = await embedded();
    const other = await Person.enter(world);
    for (const path of ["token", "token/fresh"]) {
      const answer = await other.send(`/verifications/${person.id}/${path}`);
      assert.equal(answer.status(), 404);
    }
  });
}
