// People: applicants and the operator, each in a browser of their own.

import assert from "node:assert/strict";

import { requireOracle } from "../oracles/node-dir.mjs";

const { chromium } = requireOracle("playwright-core");
const PATIENCE = 10_000;
/** How long a webhook may take, before the vendors' time moves on to the next poll. */
const PAUSE = 1_000;

export function launch() {
  return chromium.launch({
    executablePath: process.env.IDV_CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

let count = 0;

export class Person {
  /** Signs in. Each applicant has a name of its own, so no test meets the verifications of another one. */
  static async enter(world, { name = `ada-${++count}`, ...options } = {}) {
    const person = await Person.stranger(world, options);
    person.name = name;
    const answer = await person.send("/sign-in", { name });
    assert.equal(answer.status(), 303);
    return person;
  }

  /** A browser without anybody signed in. */
  static async stranger(world, options = {}) {
    const context = await world.browser.newContext(options);
    context.setDefaultTimeout(PATIENCE);
    const person = new Person();
    world.contexts.push(context);
    world.people.push(person);
    Object.assign(person, { world, context, complaints: [] });
    context.on("page", (page) => {
      page.on("pageerror", (error) => person.complaints.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") person.complaints.push(message.text());
      });
    });
    person.page = await context.newPage();
    return person;
  }

  /** Opens a page of the application. */
  open(path) {
    return this.page.goto(new URL(path, this.world.application.url).href);
  }

  /** Posts a form without a page. */
  send(path, form = {}) {
    return this.context.request.post(new URL(path, this.world.application.url).href, { form, maxRedirects: 0 });
  }

  /** Opens a page that answers with a refusal, which the console reports too. */
  async isRefused(path, status) {
    const answer = await this.open(path);
    assert.equal(answer.status(), status);
    this.forgiveRefusals();
  }

  /** Forgets that the console reported an answer of 400 to 499 to what was just done. */
  forgiveRefusals() {
    this.complaints = this.complaints.filter((text) => !/the server responded with a status of 4\d\d/.test(text));
  }

  /** Starts a verification, and gets as far as the hand-off. */
  async begin() {
    await this.open("/verify");
    for (const [label, value] of [
      ["First name", "Ada"], ["Last name", "Sample"], ["E-mail address", "ada@example.test"], ["Phone number", "+15195550100"],
    ]) {
      const field = this.page.getByLabel(label);
      if (await field.count()) await field.fill(value);
    }
    await this.page.getByRole("button", { name: "Begin" }).click();
    await this.page.waitForURL("**/hand-off");
    this.id = Number(this.page.url().match(/verifications\/(\d+)/)[1]);
    this.session = await this.world.operator.sessionOf(this.id);
    return this;
  }

  /** Opens the page of the verification's state, and lets the vendors' time pass until it says this: not all of them send webhooks. */
  async sees(status) {
    if (!this.page.url().endsWith(`/verifications/${this.id}`)) await this.open(`/verifications/${this.id}`);
    const seen = this.page.locator(`#state [data-status="${status}"]`).waitFor();
    let waits = true;
    seen.finally(() => { waits = false; }).catch(() => {});
    while (waits) {
      await Promise.race([seen, new Promise((resolve) => { setTimeout(resolve, PAUSE).unref(); })]);
      if (waits) await this.world.vendors.advance(30);
    }
    await seen;
  }

  /** Reloads the page of the state until it says this, as a person without JavaScript does. */
  async reloadsUntil(status) {
    const patience = Date.now() + PATIENCE;
    while (!(await this.page.locator(`#state [data-status="${status}"]`).count())) {
      assert.ok(Date.now() < patience, `the page never says ${status}`);
      await this.page.reload();
    }
  }

  /** The text of the page. */
  text() {
    return this.page.innerText("main");
  }

  /** Lets something happen at the vendor: a little later, because vendors tell times in whole seconds. */
  async happens(act) {
    await this.world.vendors.advance(2);
    return this.world.vendors.act(this.session, typeof act === "string" ? { act } : act);
  }

  /** A button of the vendor's simulated page: submit, fail or leave. */
  async atVendor(button, page = this.page) {
    await page.getByTestId(button).click();
  }
}

/** The operator, who has one page open all the time. */
export class Operator extends Person {
  static async enter(world) {
    const person = await Person.enter(world, { name: "operator" });
    return Object.setPrototypeOf(person, Operator.prototype);
  }

  /** Sends new sessions to a provider. */
  async switchTo(provider) {
    if (this.active === provider) return;
    await this.open("/operator");
    await this.page.locator(`input[value="${provider}"]`).check();
    await this.page.getByRole("button", { name: "Switch" }).click();
    await this.page.getByText("(active)").waitFor();
    assert.ok(await this.page.locator(`input[value="${provider}"]`).isChecked());
    this.active = provider;
  }

  /** The vendor's session of a verification. */
  async sessionOf(id) {
    await this.open(`/operator/verifications/${id}`);
    return this.page.innerText("#session");
  }
}
