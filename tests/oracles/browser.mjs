// Drives a headless Chromium: one JSON command a line on standard input, one JSON answer a line on standard output.
// A command is {"do": "open" | "click" | "fill" | "select" | "text" | "value" | "count" | "wait" | "url" | "screenshot", …}.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { requireOracle } from "./node-dir.mjs";

const { chromium } = requireOracle("playwright-core");
const PATIENCE = 10_000;

const browser = await chromium.launch({
  executablePath: process.env.IDV_CHROMIUM,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});
const context = await browser.newContext({
  viewport: { width: Number(process.env.IDV_BROWSER_WIDTH ?? 1200), height: 900 },
});
const page = await context.newPage();
page.setDefaultTimeout(PATIENCE);

// What the pages complain of counts as a failure of whoever looks.
const complaints = [];
page.on("pageerror", (error) => complaints.push(String(error)));
page.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });

const commands = {
  open: ({ url }) => page.goto(url, { waitUntil: "domcontentloaded" }).then(() => null),
  click: ({ selector }) => page.click(selector).then(() => null),
  fill: ({ selector, text }) => page.fill(selector, text).then(() => null),
  select: ({ selector, value }) => page.selectOption(selector, value).then(() => null),
  text: ({ selector }) => page.innerText(selector),
  value: ({ selector }) => page.inputValue(selector),
  count: ({ selector }) => page.locator(selector).count(),
  wait: ({ selector, text }) => page.locator(selector).filter({ hasText: text }).first().waitFor().then(() => null),
  leave: ({ prefix }) => page.waitForURL((url) => url.href.startsWith(prefix)).then(() => null),
  url: () => page.url(),
  complaints: () => complaints.splice(0),
  screenshot: async ({ name }) => {
    mkdirSync(process.env.IDV_SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: join(process.env.IDV_SCREENSHOTS, `${name}.png`), fullPage: true });
    return null;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  try {
    process.stdout.write(`${JSON.stringify({ ok: await commands[command.do](command) })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
  }
}
await browser.close();
