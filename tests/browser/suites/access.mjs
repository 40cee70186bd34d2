// The pages for everybody: by keyboard, without JavaScript, on a phone, in the dark, and as axe-core judges them.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { Person } from "../people.mjs";
import { world } from "../world.mjs";

const axe = readFileSync(join(process.env.IDV_ORACLE_NODE_DIR, "node_modules/axe-core/axe.min.js"), "utf8");

/** The serious violations on the page, in a line each. */
async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const serious = found.violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

async function picture(person, name) {
  mkdirSync(process.env.IDV_SCREENSHOTS, { recursive: true });
  await person.page.screenshot({ path: join(process.env.IDV_SCREENSHOTS, `web-${name}.png`) });
}

/** Leads a person through all pages, and looks at each. */
async function visit(person, look) {
  await world.operator.switchTo("sessions");
  await person.open("/");
  await look("overview");
  await person.open("/verify");
  await look("verify");
  await world.operator.switchTo("primary");
  await person.begin();
  await person.page.getByText("Continue on your phone").click();
  await look("hand-off");
  await person.page.getByRole("link", { name: "Continue in this page" }).click();
  await person.page.getByRole("heading", { name: "Photo of a document" }).waitFor();
  await look("embedded");
  await person.open("/return");
  await look("return");
  await person.sees("in_progress");
  await look("status-open");
  await person.happens("submit");
  await person.happens("approve");
  await person.sees("approved");
  await look("status-approved");
  await world.operator.switchTo("direct");
  await person.begin();
  await person.happens("submit");
  await person.sees("in_review");
  await look("status-in-review");
  await person.isRefused("/nowhere", 404);
  await look("not-found");
}

const LOOKS = {
  "in the light": { viewport: { width: 1100, height: 760 }, colorScheme: "light" },
  "in the dark, on a phone": { viewport: { width: 390, height: 844 }, colorScheme: "dark", isMobile: true, hasTouch: true },
};

/** Presses the tabulator until this has the focus. */
async function tabTo(person, element) {
  for (let count = 0; count < 40; count += 1) {
    if (await element.evaluate((wanted) => wanted === document.activeElement)) return;
    await person.page.keyboard.press("Tab");
  }
  throw new Error("the keyboard does not reach it");
}

export function access() {
  for (const [name, options] of Object.entries(LOOKS)) {
    test(`axe-core finds no serious violation ${name}, and nothing is wider than the window`, async () => {
      const person = await Person.enter(world, options);
      const found = [];
      await visit(person, async (page) => {
        found.push(...(await violations(person.page)).map((text) => `${page}: ${text}`));
        const wider = await person.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (wider > 0) found.push(`${page}: ${wider} pixels are beside the window`);
        await picture(person, `${page}-${options.colorScheme}`);
      });
      assert.deepEqual(found, []);
    });
  }

  test("axe-core finds no serious violation at the operator's pages and at the sign-in", async () => {
    const stranger = await Person.stranger(world);
    await stranger.open("/sign-in");
    assert.deepEqual(await violations(stranger.page), []);
    await world.operator.page.setViewportSize({ width: 1100, height: 760 });
    await world.operator.open("/operator");
    assert.deepEqual(await violations(world.operator.page), []);
    await picture(world.operator, "operator");
    await world.operator.page.locator("tbody a").first().click();
    await world.operator.page.locator("#session").waitFor();
    assert.deepEqual(await violations(world.operator.page), []);
  });

  test("the keyboard alone is enough, and the focus is always seen", async () => {
    await world.operator.switchTo("sessions");
    const person = await Person.stranger(world);
    const { page } = person;
    await person.open("/sign-in");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
    person.name = "keys-only";
    await tabTo(person, page.getByLabel("Name"));
    await page.keyboard.type(person.name);
    await page.keyboard.press("Enter");
    await tabTo(person, page.getByRole("link", { name: "Verify my identity" }));
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.equal(outline, "solid");
    await page.keyboard.press("Enter");
    for (const [label, value] of [
      ["First name", "Ada"], ["Last name", "Sample"], ["E-mail address", "ada@example.test"], ["Phone number", "+15195550100"],
    ]) {
      await tabTo(person, page.getByLabel(label));
      await page.keyboard.type(value);
    }
    await page.keyboard.press("Enter");
    await page.waitForURL("**/hand-off");
    await tabTo(person, page.getByText("Continue on your phone"));
    await page.keyboard.press("Enter");
    await page.locator("#phone svg").waitFor();
    await page.locator("#here").waitFor();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "here");
    await page.keyboard.press("Enter");
    await tabTo(person, page.getByTestId("submit"));
    await page.keyboard.press("Enter");
    await tabTo(person, page.getByRole("link", { name: "See the status" }));
    await page.keyboard.press("Enter");
    await page.locator("#state [data-status]").waitFor();
  });

  test("JavaScript is not needed", async () => {
    await world.operator.switchTo("veriff");
    const person = await Person.enter(world, { javaScriptEnabled: false });
    await person.begin();
    await person.page.locator("#here").click();
    await person.atVendor("submit");
    await person.page.getByRole("link", { name: "See the status" }).click();
    await person.reloadsUntil("in_review");
    assert.match(await person.page.content(), /http-equiv="refresh"/, "the page reloads itself");
    await person.happens("approve");
    await person.reloadsUntil("approved");
  });

  test("a person who wants no motion sees none", async () => {
    const person = await Person.enter(world, { reducedMotion: "reduce" });
    const moving = await person.page.evaluate(() =>
      [...document.querySelectorAll("*")].filter((element) => {
        const { transitionDuration, animationName } = getComputedStyle(element);
        return transitionDuration !== "0s" || animationName !== "none";
      }).length);
    assert.equal(moving, 0);
  });
}
