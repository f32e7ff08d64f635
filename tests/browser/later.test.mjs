// What readers keep for later and send to others, and the logo beside the title.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { launch, open, serve } from "./browser.mjs";
import { large, sample } from "./conference.mjs";

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><rect width="200" height="100" fill="#123"/></svg>`;
const folders = {};
let server;
let browser;
let opened = [];

before(async () => {
  folders.sample = sample("pages = true\nlogo = \"logo.svg\"", { "logo.svg": LOGO });
  folders.large = large(100);
  server = await serve(folders);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.close();
});

afterEach(async () => {
  const faults = opened.flatMap(({ faults }) => faults);
  await Promise.all(opened.map(({ close }) => close()));
  opened = [];
  assert.deepEqual(faults, []);
});

async function visit(path, options) {
  const visit = await open(browser, `${server.address}/${path}`, options);
  opened.push(visit);
  return visit.page;
}

const shown = (page) => page.locator(".card:visible");
const later = (page, place) => shown(page).nth(place).getByRole("button", { name: /^Watch later:/ });
const ownList = (page) => page.locator(".own-list");
const ids = (page) => shown(page).evaluateAll((cards) => cards.map(({ id }) => id.slice("talk.".length)));

/** Puts the first talks onto the list. */
async function keep(page, count) {
  for (let place = 0; place < count; place += 1) {
    await shown(page).nth(place).hover();
    await later(page, place).click();
  }
}

test("what is kept is there after the page is left, is shown alone, and goes again", async () => {
  const page = await visit("large/");
  assert.equal(await ownList(page).isVisible(), false);
  await keep(page, 3);
  const kept = (await ids(page)).slice(0, 3);
  await page.reload();
  await ownList(page).filter({ hasText: "3" }).click();
  await page.waitForURL(`**/?watch=${kept.join(",")}`);
  assert.deepEqual(await ids(page), kept);
  assert.equal(await later(page, 0).getAttribute("aria-pressed"), "true");
  await later(page, 1).click();
  await page.waitForURL(`**/?watch=${kept[0]},${kept[2]}`);
  assert.deepEqual(await ids(page), [kept[0], kept[2]]);
  assert.equal(await page.evaluate(() => document.activeElement.className), "later");
  await page.getByRole("button", { name: "Remove the filter Watch later" }).click();
  assert.equal(await shown(page).count(), 100);
  assert.equal(await ownList(page).getAttribute("aria-pressed"), "false");
});

test("a list that somebody sends is shown, and kept only when the reader says so", async () => {
  const page = await visit("large/");
  const [, second, , fourth] = await ids(page);
  await page.goto(`${server.address}/large/?watch=${fourth},${second},noSuchTalk_`);
  assert.deepEqual(await ids(page), [second, fourth]);
  assert.equal(await ownList(page).isVisible(), false);
  await page.getByRole("button", { name: "Add these talks to my list" }).click();
  assert.match(await ownList(page).textContent(), /2$/);
  assert.equal(await page.getByRole("button", { name: "Add these talks to my list" }).count(), 0);
  await page.goto(`${server.address}/large/?watch=noSuchTalk_`);
  await page.getByText("No talk is left.").waitFor();
});

test("the link to a list and the link to a talk are copied", async () => {
  const page = await visit("large/", { permissions: ["clipboard-read", "clipboard-write"] });
  const [first] = await ids(page);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await shown(page).first().hover();
  await shown(page).first().getByRole("link", { name: /^Link/ }).click();
  await page.getByText("Link copied").waitFor();
  assert.equal(await copied(), `${server.address}/large/#talk.${first}`);
  await page.goto(`${server.address}/large/?watch=${first}`);
  await page.getByRole("button", { name: "Copy the link to these talks" }).click();
  await page.getByText("Link copied").waitFor();
  assert.equal(await copied(), `${server.address}/large/?watch=${first}`);
});

test("the page of a talk has the same list, and so has a file", async () => {
  const page = await visit("sample/");
  const [first] = await ids(page);
  await page.goto(`${server.address}/sample/talk/${first}/`);
  const button = page.getByRole("button", { name: "Watch later" });
  await button.click();
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  await page.goto(`${server.address}/sample/`);
  assert.match(await ownList(page).textContent(), /1$/);
  const context = await browser.newContext();
  const file = await context.newPage();
  await file.goto(pathToFileURL(join(folders.sample, "index.html")).href);
  await keep(file, 1);
  await file.reload();
  assert.match(await ownList(file).textContent(), /1$/);
  await context.close();
});

test("without scripts there is no list", async () => {
  const page = await visit("sample/", { javaScriptEnabled: false });
  assert.equal(await page.locator("button, .later, .own-list").count(), 0);
});

test("the logo is beside the title, and the first talk is no lower for it", async () => {
  for (const [width, height, most] of [[1280, 900, 330], [360, 740, 380]]) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await visit("sample/", { viewport: { width, height }, colorScheme });
      const logo = page.getByRole("img", { name: /^Logo of / });
      const [{ width: wide, height: high, y }, title] = [await logo.boundingBox(), await page.locator("h1").boundingBox()];
      assert.ok(wide < 0.32 * width && high <= 80 && y <= title.y + 2, `${wide} by ${high} at ${y}`);
      await page.evaluate(() => document.querySelector(".intro")?.remove());
      const first = await shown(page).first().locator("h3").boundingBox();
      const picture = await shown(page).first().locator(".picture").boundingBox();
      assert.ok(Math.min(first.y, picture.y) <= most, `${width}: ${first.y}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
    }
  }
});
