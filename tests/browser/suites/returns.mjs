// Return URLs, true and forged. None of them changes the state of a verification.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Person } from "../people.mjs";
import { world } from "../world.mjs";

/** An applicant who comes back from deepidv after leaving, and the address that brought them. */
async function returned(button = "leave") {
  await world.operator.switchTo("sessions");
  const person = await (await Person.enter(world)).begin();
  await person.page.getByRole("link", { name: "Continue here" }).click();
  await person.atVendor(button);
  await person.page.waitForURL("**/return?*");
  return { person, url: new URL(person.page.url()) };
}

/** The address with other parameters; one without a value is left out. */
function changed(url, parameters) {
  const other = new URL(url);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) other.searchParams.delete(name);
    else other.searchParams.set(name, value);
  }
  return other.href;
}

const heading = (person) => person.page.innerText("h1");

export function returns() {
  test("submitted is no decision", async () => {
    const { person } = await returned("submit");
    assert.equal(await heading(person), "Thank you");
    assert.match(await person.text(), /no decision yet/);
    await person.page.getByRole("link", { name: "See the status" }).click();
    await person.sees("in_review");
  });

  test("left, failed and expired are told as what they are, also after a reload", async () => {
    const { person, url } = await returned();
    await person.page.reload();
    assert.equal(await heading(person), "You left before the end");
    for (const [parameters, expected] of [
      [{ status: "failed", reason: "internal_error" }, "Something went wrong"],
      [{ status: "failed", reason: "session_expired" }, "The time ran out"],
    ]) {
      await person.page.goto(changed(url, parameters));
      assert.equal(await heading(person), expected);
    }
    await person.sees("in_progress");
  });

  test("nobody is approved or rejected by an address", async () => {
    const { person, url } = await returned();
    for (const status of ["approved", "VERIFIED", "rejected", "%00"]) {
      await person.page.goto(changed(url, { status }));
      assert.equal(await heading(person), "You are back");
      await person.sees("in_progress");
    }
  });

  for (const [name, parameters] of [
    ["another session's id", { session_id: "6b1d2f3a-0000-4000-8000-000000000000" }],
    ["no session id", { session_id: null }],
    ["no nonce", { idv_state: null }],
    ["an empty nonce", { idv_state: "" }],
    ["another nonce", { idv_state: "0123456789abcdef0123456789abcdef" }],
    ["no status", { status: null }],
  ]) {
    test(`${name} tells nothing`, async () => {
      const { person, url } = await returned();
      await person.isRefused(changed(url, { status: "success", ...parameters }), 400);
      assert.equal(await heading(person), "Nothing new");
      await person.sees("in_progress");
    });
  }

  test("a nonce that is given twice tells nothing", async () => {
    const { person, url } = await returned();
    await person.isRefused(`${url.href}&idv_state=x`, 400);
    assert.equal(await heading(person), "Nothing new");
  });

  test("the address of another user tells nothing, and shows nothing of that user", async () => {
    const { url } = await returned();
    const other = await Person.enter(world);
    await other.isRefused(url.href, 400);
    assert.equal(await heading(other), "Nothing new");
    assert.equal(await other.page.getByRole("link", { name: "See the status" }).count(), 0);
  });

  test("a browser without a user is sent back to where it began", async () => {
    const { url } = await returned();
    const phone = await Person.stranger(world);
    await phone.page.goto(url.href);
    assert.equal(await heading(phone), "Go on where you began");
    assert.equal(await phone.page.getByRole("link", { name: "See the status" }).count(), 0);
  });

  test("a vendor with one address for all applicants brings them back to their newest verification", async () => {
    await world.operator.switchTo("cards");
    const person = await (await Person.enter(world)).begin();
    await person.page.getByRole("link", { name: "Continue here" }).click();
    await person.atVendor("submit");
    assert.equal(await heading(person), "You are back");
    await person.page.getByRole("link", { name: "See the status" }).click();
    await person.sees("in_review");
  });
}
