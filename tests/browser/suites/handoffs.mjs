// Every kind of hand-off to every outcome. The simulated vendors play what they can: where a vendor has no such outcome, the test says
// what an applicant sees there.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { decode } from "../qr.mjs";
import { Person } from "../people.mjs";
import { world } from "../world.mjs";

/** The ways to the vendor: each takes an applicant at the hand-off, and gives the page on which the vendor is. */
const WAYS = {
  "in the same window": async (person) => {
    await person.page.getByRole("link", { name: "Continue here" }).click();
    return person.page;
  },
  "in a new window": async (person) => {
    const opening = person.context.waitForEvent("page");
    await person.page.getByRole("link", { name: "Open in a new window" }).click();
    return opening;
  },
  "on the phone": async (person) => {
    await person.page.getByText("Continue on your phone").click();
    const link = await decode(person.page.locator("#phone svg"));
    await person.page.getByRole("link", { name: "watch the status here" }).click();
    const phone = await Person.stranger(world, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await phone.page.goto(link);
    return phone.page;
  },
};

/** The vendors that the ways are tried at, and what happens there. */
const STORIES = {
  "in the same window": { provider: "sessions", resubmits: "direct", expired: "expired" },
  "in a new window": { provider: "veriff", resubmits: "veriff", expired: "abandoned", reason: /document has expired/ },
  "on the phone": { provider: "direct", resubmits: "stripe", expired: null, reason: /document has expired/ },
};

export function handoffs() {
  for (const [name, way] of Object.entries(WAYS)) describe(name, () => outcomes(way, STORIES[name]));
}

function outcomes(way, { provider, resubmits, expired, reason }) {
  const begin = async (at = provider) => {
    await world.operator.switchTo(at);
    const person = await (await Person.enter(world)).begin();
    assert.ok(person.session.startsWith(`${at}:`), person.session);
    return { person, vendor: await way(person) };
  };

  test("approved", async () => {
    const { person, vendor } = await begin();
    await person.atVendor("submit", vendor);
    await person.sees("in_review");
    assert.match(await person.text(), /How long it takes/);
    await person.happens("approve");
    await person.sees("approved");
    assert.doesNotMatch(await person.text(), /Continue|Try again/);
  });

  test("rejected, with the reason where the vendor tells it", async () => {
    const { person, vendor } = await begin();
    await person.atVendor("submit", vendor);
    await person.happens({ act: "reject", reason: "document_expired" });
    await person.sees("rejected");
    if (reason) assert.match(await person.text(), reason);
  });

  test("left before the end", async () => {
    const { person, vendor } = await begin();
    await person.atVendor("leave", vendor);
    await person.sees("in_progress");
    // The same verification goes on.
    await person.page.getByRole("link", { name: "Continue" }).click();
    await person.page.waitForURL(`**/verifications/${person.id}/hand-off`);
    await (await way(person)).getByTestId("submit").waitFor();
  });

  test("run out", async () => {
    const { person } = await begin();
    if (expired === null) {
      // This vendor's session has no end, but its link has: a fresh one goes on with the same verification.
      await world.vendors.advance(31 * 60);
      await person.open(`/verifications/${person.id}`);
      await person.page.getByRole("button", { name: "Continue with a new link" }).click();
      await person.page.waitForURL("**/hand-off");
      await (await way(person)).getByTestId("submit").waitFor();
      return;
    }
    await person.happens("expire");
    await world.vendors.advance(300);
    await person.sees(expired);
    await person.page.getByRole("link", { name: "Try again" }).click();
    const first = person.id;
    await person.begin();
    assert.notEqual(person.id, first);
  });

  test("sent again after a correction was asked for", async () => {
    const { person, vendor } = await begin(resubmits);
    await person.atVendor("submit", vendor);
    await person.happens("require_resubmission");
    await person.sees("resubmission_required");
    const first = person.id;
    await person.page.locator("#state .button, #state button").click();
    await person.page.waitForURL(`**/verifications/${first}/hand-off`);
    await person.atVendor("submit", await way(person));
    await person.happens("approve");
    await person.sees("approved");
  });
}
