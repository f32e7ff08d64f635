// Ten things that readers look for in 368 talks, and what it takes to find them: `npm run finding`. The
// talks are those of a page in `../shared` (or `PROCEEDINGS_SHARED`); without it there is nothing to do.
//
// A talk is found once it is among the first three that are shown, in sight without scrolling. Counted are
// the keys and clicks until then, and the time from the last of them to the frame that shows it. Numbers,
// never a test.

import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { field, launch, open, serve, timed } from "./browser.mjs";
import { proceedings, renderedFrom } from "./conference.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const shared = process.env.PROCEEDINGS_SHARED ?? join(root, "..", "shared");
const origin = join(shared, "data", "origin-pages", "pages", "kubecon_cloudnativecon_na_2024_salt_lake_city.md");

/** What somebody looks for, what they type, and which title is right. */
const TASKS = [
  ["a talk half remembered", "goodbye iptables", /How the Tables Have Turned/],
  ["a speaker whose accents are on no keyboard", "kaldstrom", /Kubernetes Access Control/],
  ["a speaker misspelled", "keith matix", /Life of a Packet/],
  ["a project misspelled", "kuberntes upgrades", /Kubernetes Upgrades: Less Pain/],
  ["an abbreviation", "ottl", /OTTL Cookbook/],
  ["a company's story", "yahoo", /Yahoo/],
  ["a subject in one's own words", "arm migration cost", /ARM-Wrestling/],
  ["words side by side", "\"confidential computing\"", /Privacy in the Age of Big Compute/],
];
const PROJECT = ["everything about a project", "argo cd", /argo[ -]?cd/i];
const SHORT = ["something short on security", { category: "Security", length: "under 10 minutes" }];

/** The conference of the page, with speakers out of its titles, and lengths that are made up. */
function conference() {
  const folder = join(mkdtempSync(join(tmpdir(), "proceedings-")), "conference");
  proceedings("import", origin, "--into", folder);
  const catalog = join(folder, "catalog.toml");
  const lines = readFileSync(catalog, "utf8").split("\n").map((line, at) => {
    const names = line.match(/- ([^-|"]+?)" },$/)?.[1].split(/ & |, /).filter((name) => /^\p{Lu}.* \p{Lu}/u.test(name)) ?? [];
    const minutes = /Lightning|PLT/.test(line) ? 5 + (at % 4) : 20 + (at % 25);
    return line.replace(/ },$/, `, speakers = ${JSON.stringify(names)}, duration = "0:${String(minutes).padStart(2, "0")}:00" },`);
  });
  writeFileSync(catalog, lines.join("\n"));
  return renderedFrom(catalog);
}

/** The titles of the first talks, if they are in sight, and what is said of each talk that is shown. */
const shown = (page) => page.evaluate(() => {
  const cards = [...document.querySelectorAll(".card:not([hidden])")].filter((card) => !card.closest("section[hidden]"));
  const inSight = (card) => { const { top, bottom } = card.querySelector("h3").getBoundingClientRect(); return top >= 0 && bottom <= innerHeight; };
  // What is said of similar talks is said of others.
  const said = (card) => [...card.querySelectorAll("h3, .facts, .text")].map((part) => part.textContent).join("\n");
  return { all: cards.map(said), first: cards.slice(0, 3).filter(inSight).map((card) => card.querySelector("h3").textContent) };
});

/** Types until a right talk is found, and takes what is offered where nothing is. */
async function look(page, words, right) {
  await field(page, "Search").focus();
  let keys = 0;
  for (const key of words) {
    const time = await timed(page, () => page.keyboard.type(key));
    keys += 1;
    if ((await shown(page)).first.some((title) => right.test(title))) return { keys, time };
  }
  const offer = page.locator(".offers button").first();
  if (!await offer.count()) return { keys, time: NaN };
  const time = await timed(page, () => offer.click());
  const found = (await shown(page)).first.some((title) => right.test(title));
  return { keys: keys + 1, time: found ? time : NaN };
}

const told = (name, { keys, time }, more = "") =>
  console.log(`${name}: ${Number.isNaN(time) ? "not found" : `found after ${keys} keys, ${time.toFixed(0)} ms`}${more}`);

async function main() {
  const server = await serve({ page: conference() });
  const browser = await launch();
  const visit = async (act) => {
    const { page, close } = await open(browser, `${server.address}/page/`);
    await act(page);
    await close();
  };
  for (const [name, words, right] of TASKS) {
    await visit(async (page) => told(`${name} (${words})`, await look(page, words, right)));
  }
  await visit(async (page) => {
    const [name, words, right] = PROJECT;
    const wanted = (await shown(page)).all.filter((text) => right.test(text)).length;
    const found = await look(page, words, right);
    await field(page, "Search").fill(words);
    await page.waitForTimeout(250);
    const { all } = await shown(page);
    told(`${name} (${words})`, found, `; ${all.filter((text) => right.test(text)).length} of ${wanted} talks, ${all.length} shown`);
  });
  await visit(async (page) => {
    const [name, { category, length }] = SHORT;
    await page.locator(".controls .open").click();
    const select = async (label, wanted) => {
      const option = field(page, label).locator("option", { hasText: wanted });
      await field(page, label).selectOption(await option.getAttribute("value"));
    };
    await timed(page, () => select("Category", category));
    const time = await timed(page, () => select("Length", length));
    const { all } = await shown(page);
    told(name, { keys: 5, time }, `; ${all.length} talks`);
  });
  await browser.close();
  server.close();
}

if (existsSync(origin)) await main();
else console.log(`nothing to do without ${origin}`);
