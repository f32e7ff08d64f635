// The index of many conferences, opened from the disk as a reader would who was sent the folder.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { begins } from "./browser.mjs";
import { proceedings } from "./conference.mjs";
import { HOSTILE, reader } from "./disk.mjs";

/** A catalog that needs nothing but itself. */
function conference(folder, title, talks) {
  mkdirSync(folder);
  const text = JSON.stringify;
  const line = ([id, title, speaker, category, summary, also = []]) =>
    `{ id = "${id}", title = ${text(title)}, speakers = [${text(speaker)}], category = "${category}", also = ${text(also)}, summary = ${text(summary)} },`;
  writeFileSync(join(folder, "catalog.toml"), `title = ${text(title)}
formats = ["html"]
thumbnails = "none"
talks = [
${talks.map(line).join("\n")}
]
[[categories]]
name = "Systems"
[[categories]]
name = "People"
`);
  return folder;
}

function site() {
  const folder = mkdtempSync(join(tmpdir(), "proceedings-"));
  const many = Array.from({ length: 70 }, (_, i) =>
    [`many-${String(i).padStart(6, "0")}`, `Kernel notes ${i}`, `Speaker ${i}`, "Systems", "One of many. It has a number."]);
  const catalogs = [
    conference(join(folder, "a"), "First Conf 2025", [
      ["cachesOfAll", "Caches for everyone", "Zoë Müller", "Systems", "It is about queues. It ends well."],
      ["queueOfAll_", "Queues", "A. Name", "People", "It is about waiting. It takes long.", ["Systems"]],
    ]),
    conference(join(folder, "b"), "Second Conf 2026", many),
    conference(join(folder, "c"), `Third ${HOSTILE}`, [["hostileTalk", HOSTILE, HOSTILE, "People", HOSTILE]]),
  ];
  proceedings("site", ...catalogs, "--output", join(folder, "site"));
  return pathToFileURL(join(folder, "site", "index.html")).href;
}

let address;
const disk = reader();
const visit = (search = "", options = {}, index = address) => disk.visit(index + search, options);

before(() => {
  address = site();
});

const field = (page) => page.getByLabel("Search all talks");
const says = (page, words) => page.locator("output", { hasText: begins(words) }).waitFor();
const found = (page) => page.locator(".found h3").allTextContents();

test("the talks are loaded when somebody turns to the search, and all fields are searched", async () => {
  const { page, asked } = await visit();
  assert.equal(asked.length, 1);
  assert.equal(await page.locator(".conferences .card").count(), 3);
  await page.keyboard.press("/");
  await page.keyboard.type("queues");
  await says(page, "2 talks in 1 conference");
  // What has it in the title comes before what has it in the summary.
  assert.deepEqual(await found(page), ["Queues", "Caches for everyone"]);
  assert.deepEqual(await page.locator("mark").allTextContents(), ["Queues", "queues"]);
  assert.equal(await page.locator(".conferences").isVisible(), false);
  for (const [words, title] of [["zoe", "Caches for everyone"], ["MÜLLER first", "Caches for everyone"], ["people name", "Queues"]]) {
    await field(page).fill(words);
    await says(page, "1 talk in 1 conference");
    assert.deepEqual(await found(page), [title]);
  }
  await field(page).fill("nowhere at all");
  await says(page, "No talk mentions “nowhere at all”.");
  await field(page).fill("cahces");
  await page.getByRole("button", { name: "Show 1 talk for “caches”" }).click();
  await says(page, "1 talk in 1 conference");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".conferences").isVisible(), true);
});

test("a talk that belongs to two categories is found under both, and leads to similar ones", async () => {
  const { page } = await visit("?q=systems+queues");
  await says(page, "2 talks in 1 conference");
  const similar = page.locator(".found li").first().locator(".similar");
  await similar.locator("summary").click();
  await similar.getByRole("link", { name: "Caches for everyone" }).click();
  await page.waitForURL(/first-conf-2025\/index\.html#talk\.cachesOfAll$/);
  const shown = async (category) => {
    await page.goto(new URL(`first-conf-2025/index.html?category=${category}`, address).href);
    return page.locator(".card:visible h3").allTextContents();
  };
  assert.deepEqual(await shown("Systems"), ["Caches for everyone", "Queues"]);
  assert.deepEqual(await shown("People"), ["Queues"]);
  assert.deepEqual(await page.locator('[id="page.category"] option').allTextContents(), ["All", "Systems (2)", "People (1)"]);
});

test("a search is in the address, and a talk that was found is one key away", async () => {
  const { page } = await visit("?q=caches");
  await says(page, "1 talk in 1 conference");
  assert.equal(await field(page).inputValue(), "caches");
  await field(page).fill("caches everyone");
  await page.waitForURL(/\?q=caches\+everyone$/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/first-conf-2025\/index\.html#talk\.cachesOfAll$/);
  assert.equal(await page.locator(":target h3").textContent(), "Caches for everyone");
  await page.getByRole("link", { name: "Conferences", exact: true }).click();
  await page.waitForURL(address);
});

test("filters leave the talks that they name, alone and with words, and are in the address", async () => {
  const { page } = await visit();
  await page.getByLabel("Year").selectOption("2025");
  await says(page, "2 talks in 1 conference");
  await page.getByLabel("Speaker").fill("muller");
  await says(page, "1 talk in 1 conference");
  assert.deepEqual(await found(page), ["Caches for everyone"]);
  await field(page).fill("waiting");
  await says(page, "No talk is left.");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".conferences").isVisible(), true);
  await page.locator("select[name=conference]").selectOption("Second Conf 2026");
  await field(page).fill("notes 6");
  await says(page, "1 talk in 1 conference");
  await page.waitForURL(/\?q=notes\+6&conference=second-conf-2026$/);
  await page.reload();
  await says(page, "1 talk in 1 conference");
  await page.getByLabel("Length").selectOption("under 10 minutes");
  await says(page, "No talk is left.");
});

test("a speaker has a page with the talks of all conferences", async () => {
  const { page } = await visit();
  await page.getByRole("link", { name: "73 speakers" }).click();
  await page.getByRole("link", { name: "Zoë Müller" }).click();
  await page.waitForURL(/people\/zoe-muller\/index\.html$/);
  await page.getByRole("link", { name: "Caches for everyone" }).click();
  await page.waitForURL(/first-conf-2025\/index\.html#talk\.cachesOfAll$/);
});

test("many matches come in parts", async () => {
  const { page } = await visit("?q=kernel");
  await says(page, "70 talks in 1 conference");
  assert.equal((await found(page)).length, 30);
  await page.getByRole("button", { name: "Show more" }).click();
  assert.equal((await found(page)).length, 60);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Kernel notes 30");
  await page.getByRole("button", { name: "Show more" }).click();
  assert.equal((await found(page)).length, 70);
  assert.equal(await page.getByRole("button", { name: "Show more" }).count(), 0);
});

test("hostile texts are shown and do nothing", async () => {
  const { page } = await visit("?q=script");
  await says(page, "1 talk in 1 conference");
  assert.deepEqual(await found(page), [HOSTILE]);
  assert.equal(await page.locator(".found img, .found script").count(), 0);
});

test("without scripting it is a list of conferences", async () => {
  const { page } = await visit("", { javaScriptEnabled: false });
  assert.equal(await field(page).isVisible(), false);
  await page.getByRole("link", { name: "Second Conf 2026" }).click();
  await page.waitForURL(/second-conf-2026\/index\.html$/);
});

test("it fits a phone, in light and dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const { page } = await visit("?q=kernel", { viewport: { width: 320, height: 640 }, colorScheme });
    await says(page, "70 talks");
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(paper, colorScheme === "dark" ? "rgb(18, 20, 22)" : "rgb(248, 247, 243)");
  }
});

test("an index alone says what it lacks", async () => {
  const alone = join(mkdtempSync(join(tmpdir(), "proceedings-")), "index.html");
  copyFileSync(fileURLToPath(address), alone);
  const { page } = await visit("", {}, pathToFileURL(alone).href);
  await field(page).fill("caches");
  await says(page, "The list of talks cannot be loaded: search.js is not beside this page");
  disk.forgiveMissingFiles();
});
