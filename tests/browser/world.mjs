// The world of one run: one application, one browser, one operator. Every test has people of its own.

import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";

import { startApplication } from "./application.mjs";
import { Operator, Person, launch } from "./people.mjs";
import { Vendors } from "./vendors.mjs";

export const world = { contexts: [], people: [] };

/** Sets it up, and watches after each test that no page has complained. */
export function setUp() {
  before(async () => {
    world.application = await startApplication();
    world.vendors = new Vendors(world.application.vendors);
    world.browser = await launch();
    world.operator = await Operator.enter(world);
    // The operator stays, whatever a test leaves behind.
    for (const list of [world.contexts, world.people]) list.splice(0);
  });

  afterEach(async () => {
    const complaints = world.people.splice(0).flatMap((person) => person.complaints);
    await Promise.all(world.contexts.splice(0).map((context) => context.close()));
    assert.deepEqual(complaints, [], "the pages complained");
  });

  after(async () => {
    // It ends by itself when it is told to, although a page still follows a verification.
    const person = world.operator && (await (await Person.enter(world)).begin());
    await person?.open(`/verifications/${person.id}`);
    assert.equal(await world.application?.stop(), 0);
    await world.browser?.close();
  });
}
