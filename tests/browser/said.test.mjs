// What was said on a site, searched from the disk as a reader would who was sent the folder.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { begins } from "./browser.mjs";
import { proceedings } from "./conference.mjs";
import { HOSTILE, reader } from "./disk.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A conference whose talks have captions: lines with the seconds at which they begin. */
function conference(folder, title, talks) {
  mkdirSync(join(folder, "captions"), { recursive: true });
  const text = JSON.stringify;
  const listed = talks.map(({ id, title, more = "" }) =>
    `{ id = "${id}", title = ${text(title)}, speakers = ["A. Name"], summary = "One. Two."${more} },`);
  writeFileSync(join(folder, "catalog.toml"),
    `title = ${text(title)}\nformats = ["html"]\nthumbnails = "none"\npages = true\ntranscripts = true\ntalks = [\n${listed.join("\n")}\n]\n`);
  for (const { id, lines } of talks) {
    const cues = lines.map(([second, words]) => `${clock(second)} --> ${clock(second + 4)}\n${words}\n`);
    writeFileSync(join(folder, "captions", `${id}.vtt`), `WEBVTT\n\n${cues.join("\n")}`);
  }
  proceedings("--catalog", join(folder, "catalog.toml"), "--offline", "fetch");
  return folder;
}

const clock = (second) => new Date(second * 1000).toISOString().slice(11, 23);

function site() {
  const folder = mkdtempSync(join(tmpdir(), "proceedings-"));
  const many = Array.from({ length: 25 }, (_, i) =>
    ({ id: `many-${String(i).padStart(6, "0")}`, title: `Kernel notes ${i}`, lines: [[0, `The scheduler has number ${i}.`]] }));
  const catalogs = [
    conference(join(folder, "a"), "First Conf", [
      { id: "tidesOfAll1", title: "Tides", lines: [[0, "Good morning."], [65, "The walrus waits for the network"], [70, "policy of the tide."]] },
      { id: "zebrasOfAll", title: "Zebras", lines: [[5, "We run Argo CD with PyTorch."], [9, "Zoë says: 状態の管理は難しい。"], [14, "The policy of a network."]] },
      { id: "quietOfAll1", title: "Quiet", more: ", transcript = false", lines: [[5, "The walrus is a secret."]] },
    ]),
    conference(join(folder, "b"), "Second Conf", [
      { id: "hostileTalk", title: HOSTILE, lines: [[3, `Whoever says script says ${HOSTILE.replaceAll("<", "&lt;").replaceAll(">", "&gt;")}`]] },
      ...many,
    ]),
  ];
  proceedings("site", ...catalogs, "--output", join(folder, "site"));
  return join(folder, "site");
}

let folder;
const disk = reader();

async function visit(search = "", options = {}) {
  const index = pathToFileURL(join(folder, "index.html")).href;
  return (await disk.visit(index + search, options)).page;
}

before(() => {
  folder = site();
});

const field = (page) => page.getByLabel("Search all talks");
const says = (page, words) => page.locator(".said output", { hasText: begins(words) }).waitFor();
const titles = (page) => page.locator(".said h3 a").allTextContents();

test("a passage leads to the second at which it was said", async () => {
  const page = await visit();
  await field(page).fill("walrus");
  await says(page, "In 1 talk");
  await page.locator(".said mark").waitFor();
  assert.deepEqual(await titles(page), ["Tides"]);
  assert.equal(await page.locator(".said q").textContent(), "Good morning. The walrus waits for the network policy of the tide.");
  assert.deepEqual(await page.locator(".said mark").allTextContents(), ["walrus"]);
  await page.locator(".said").getByRole("link", { name: "1:05" }).click();
  await page.waitForURL(/first-conf\/talk\/tidesOfAll1\/index\.html#t=65$/);
  assert.match(await page.locator(".transcript .now").textContent(), /walrus/);
});

test("words are found as in the search of titles", async () => {
  const page = await visit();
  for (const [query, expected] of [
    ["walr", ["Tides"]],
    ["network", ["Tides", "Zebras"]],
    ["network policy", ["Tides", "Zebras"]],
    ["\"network policy\"", ["Tides"]],
    ["network -walrus", ["Zebras"]],
    ["argo cd", ["Zebras"]],
    ["argo-cd", ["Zebras"]],
    ["torch", ["Zebras"]],
    ["ZOE", ["Zebras"]],
    ["状態", ["Zebras"]],
    ["管理は", ["Zebras"]],
    ["of the tide", ["Tides"]],
  ]) {
    await field(page).fill(query);
    await page.waitForFunction((many) => document.querySelectorAll(".said li:has(q)").length === many, expected.length);
    assert.deepEqual((await titles(page)).sort(), expected, query);
  }
  for (const query of ["secret", "alrus", "\"policy network\"", "状管"]) {
    await field(page).fill(query);
    await says(page, "Nobody said that.");
  }
});

test("a search in the address is answered, and many talks come in parts", async () => {
  const page = await visit("?q=scheduler");
  await says(page, "In 25 talks");
  await page.waitForFunction(() => document.querySelectorAll(".said p mark").length === 10);
  await page.getByRole("button", { name: "Look further" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".said p mark").length === 20);
  await page.getByRole("button", { name: "Look further" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".said p mark").length === 25);
  assert.equal(await page.getByRole("button", { name: "Look further" }).count(), 0);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".said").isVisible(), false);
});

test("a conference's page leads to what was said in its talks", async () => {
  const page = await visit();
  await page.getByRole("link", { name: "First Conf" }).click();
  await page.getByRole("searchbox").fill("network");
  await page.getByRole("link", { name: "Search what was said in these talks" }).click();
  await page.waitForURL(/q=network&conference=first-conf#site\.said$/);
  await says(page, "In 2 talks");
  await page.waitForFunction(() => document.querySelectorAll(".said li:has(q)").length === 2);
  assert.equal(await field(page).inputValue(), "network");
});

test("hostile words are shown and do nothing", async () => {
  const page = await visit("?q=whoever");
  await says(page, "In 1 talk");
  await page.locator(".said mark").waitFor();
  assert.deepEqual(await titles(page), [HOSTILE]);
  assert.match(await page.locator(".said q").textContent(), /<img src=x/);
  assert.equal(await page.locator(".said img, .said script").count(), 0);
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing among what was said, nor on the page of a speaker: ${colorScheme}`, async () => {
    const page = await visit("?q=network", { colorScheme });
    await page.locator(".said mark").first().waitFor();
    for (const address of [null, "people/index.html", "people/a-name/index.html"]) {
      if (address) await page.goto(pathToFileURL(join(folder, address)).href);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), [], address);
    }
  });
}

test("it fits a phone", async () => {
  const page = await visit("?q=network", { viewport: { width: 320, height: 640 } });
  await page.locator(".said mark").first().waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
});

test("a folder that lacks a file says so", async () => {
  rmSync(join(folder, "said", "words"), { recursive: true });
  const page = await visit("?q=network");
  await says(page, "What was said cannot be searched");
  disk.forgiveMissingFiles();
});
