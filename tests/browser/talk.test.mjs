// What the page of a talk does for its readers, in a real browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { launch, open, serve } from "./browser.mjs";
import { sample } from "./conference.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TALK = "talk/-sample-005/";
let folder;
let server;
let browser;
let opened = [];

before(async () => {
  folder = sample("pages = true\ntranscripts = true");
  server = await serve({ sample: folder });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.close();
});

// No test may end with an error on the console or a request that nobody should make.
afterEach(async () => {
  const faults = opened.flatMap(({ faults }) => faults);
  await Promise.all(opened.map(({ close }) => close()));
  opened = [];
  assert.deepEqual(faults, []);
});

async function visit(path, options) {
  const visit = await open(browser, `${server.address}/sample/${path}`, options);
  opened.push(visit);
  return visit;
}

const players = (asked) => asked.filter((url) => url.includes("youtube"));

test("a title leads to the talk's page, and that leads back to the talk", async () => {
  const { page } = await visit("");
  const title = page.locator("[id='talk.-sample-005'] h3 a");
  const name = await title.textContent();
  await title.click();
  assert.match(page.url(), /\/talk\/-sample-005\/index\.html$/);
  assert.equal(await page.locator("h1").textContent(), name);
  await page.locator(".home a").click();
  assert.match(page.url(), /\/index\.html#talk\.-sample-005$/);
});

test("nothing comes from YouTube's player before the reader agrees; then every time plays in place", async () => {
  const { page, asked } = await visit(TALK);
  await page.locator(".transcript a.at").nth(3).click();
  assert.deepEqual(players(asked), []);
  await page.getByRole("button", { name: "Play here" }).click();
  await page.locator(".player").waitFor();
  assert.match(players(asked)[0], /embed\/-sample-005\?autoplay=1&rel=0&start=73$/);
  assert.match(page.url(), /#t=73$/);
  assert.equal(await page.locator(".transcript .now").getAttribute("id"), "t=73");
  await page.locator(".read details a").first().click();
  assert.equal(await page.locator(".player").count(), 1);
  assert.match(await page.locator(".player").getAttribute("src"), /&start=217$/);
});

test("a second in the address leads to what is said there, and the player begins there", async () => {
  const { page } = await visit(`${TALK}#t=130`);
  const now = page.locator(".transcript .now");
  assert.equal(await now.getAttribute("id"), "t=123");
  assert.ok(await now.evaluate((node) => node.getBoundingClientRect().top >= 0 && node.getBoundingClientRect().top < innerHeight));
  await page.locator(".picture").click();
  await page.getByRole("button", { name: "Play here" }).click();
  assert.match(await page.locator(".player").getAttribute("src"), /&start=130$/);
});

test("from a disk and without scripts, times lead to YouTube", async () => {
  const file = pathToFileURL(join(folder, TALK, "index.html")).href;
  for (const options of [{}, { javaScriptEnabled: false }]) {
    const context = await browser.newContext(options);
    await context.route(/^https/, (route) => route.fulfill({ contentType: "text/html", body: "<title>elsewhere</title>" }));
    const page = await context.newPage();
    await page.goto(file);
    await page.locator(".transcript a.at").nth(1).click();
    assert.equal(page.url(), "https://www.youtube.com/watch?v=-sample-005&t=25s");
    await context.close();
  }
});

for (const colorScheme of ["light", "dark"]) for (const width of [360, 768, 1280, 1920]) {
  test(`axe finds nothing on the page of a talk, and it is no wider than its window: ${colorScheme}, ${width} pixels`, async () => {
    const { page } = await visit(`${TALK}#t=130`, { colorScheme, viewport: { width, height: 900 } });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    for (const enter of [async () => {}, async () => { await page.locator(".picture").click(); }]) {
      await enter();
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`), []);
    }
  });
}

test("on paper there is the conference, the address of the recording and what was said, and no control", async () => {
  const { page } = await visit(TALK);
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".home").isVisible());
  const address = await page.locator(".picture").evaluate((picture) => [picture.getAttribute("href"), getComputedStyle(picture, "::after").content]);
  assert.equal(address[1], JSON.stringify(address[0]));
  assert.ok(await page.locator(".transcript p").first().isVisible());
  assert.equal(await page.locator("button:visible, .picture img:visible, nav:visible").count(), 0);
  const sheets = (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  assert.ok(sheets <= 3, `${sheets} sheets`);
});

for (const width of [320, 768, 1280, 1920]) {
  test(`in a window of ${width} pixels nothing is wider, and the recording and the summary are in sight`, async () => {
    const { page } = await visit(TALK, { viewport: { width, height: 900 } });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
    const [{ width: wide, y }, text] = await Promise.all([".picture", ".text"].map((part) => page.locator(part).boundingBox()));
    assert.ok(y < 250 && text.y < 520, `the recording at ${y}, the summary at ${text.y}`);
    if (width === 1920) assert.ok(wide >= 500, `${wide}`);
  });
}
