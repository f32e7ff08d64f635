// The review page in a browser: 20 minutes of a reviewer's work in a few keys, and that hostile
// texts stay texts. The conference is made here, of caption files, so nothing else is needed.
//
//     cargo build && node --test tests/browser/review.test.mjs

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, afterEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";

const PROGRAM = process.env.PROCEEDINGS ?? fileURLToPath(new URL("../../target/debug/proceedings", import.meta.url));

const HOSTILE = `<img src=x onerror="document.title='pwned'"></script><script>document.title='pwned'</script>`;
const CATALOG = `title = "Hive Days"
# The talks, in the order of the day.
talks = [
  { id = "beesOnRoofs", title = "Bees on Rooftops", speakers = ["Ama Osei"] }, # opening
  { id = "beesInTowns", title = '${HOSTILE.replaceAll("'", '"')}' },
  { id = "beesAndWax1", title = "Wax and Winter" },
]

[[categories]]
name = "Cities"
description = "rooftops, streets, balconies"

[[categories]]
name = "Seasons"
description = "winter, spring, wax, honey"

[glossary]
terms = ["Chainguard"] # never Chainyard
`;
const SPOKEN = {
  "beesOnRoofs": [
    "The images of Chainyard hold what a rooftop hive needs and nothing else at all.",
    "Chainyard keeps the bees of a whole street warm with boxes of reused wood."],
  "beesInTowns": [
    `Streets with balconies feed more bees than fields do ${HOSTILE} in a dry summer.`,
    "Balconies with thyme and clover are what the bees of a street live on for months."],
  "beesAndWax1": [
    "Wax is built in spring and guarded through the winter by those who will not see it end.",
    "Winter bees live for six months because they raise no young and fly very little."],
};
const OWN = "Ama Osei counts the bees of a whole city from its rooftops. Hives of reused wood keep them warm until spring.";

let folder, child, browser, page, complaints;
const servers = [];

before(async () => {
  browser = await launch();
});
after(() => browser.close());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "review-"));
  mkdirSync(join(folder, "captions"));
  writeFileSync(join(folder, "catalog.toml"), CATALOG);
  for (const [id, lines] of Object.entries(SPOKEN)) {
    const cues = lines.map((line, nth) => `00:0${nth * 2}:05.000 --> 00:0${nth * 2}:15.000\n${line.replaceAll("<", "&lt;")}\n`);
    writeFileSync(join(folder, "captions", `${id}.vtt`), `WEBVTT\n\n${cues.join("\n")}`);
  }
  run("--offline", "build");
});
afterEach(async () => {
  await page?.context().close();
  if (child && child.exitCode === null) {
    child.kill("SIGINT");
    await new Promise((ended) => child.once("exit", ended));
  }
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true });
});

function run(...args) {
  execFileSync(PROGRAM, args, { cwd: folder, stdio: "pipe" });
}

const catalog = () => readFileSync(join(folder, "catalog.toml"), "utf8");

/** Starts a review and opens it, as a reviewer does. */
async function open(...args) {
  child = spawn(PROGRAM, ["review", ...args], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  let printed = "";
  const address = await new Promise((found, failed) => {
    child.once("exit", () => failed(new Error("the review has ended")));
    child.stdout.on("data", (bytes) => {
      printed += bytes;
      if (printed.includes("\n")) found(printed.trim());
    });
  });
  const context = await browser.newContext();
  page = await context.newPage();
  complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) complaints.push(message.text()); });
  page.on("request", (request) => { if (!request.url().startsWith(address)) complaints.push(request.url()); });
  await page.goto(address);
  await page.waitForSelector("#title");
  return address;
}

const title = () => page.locator("#title").textContent();
const says = (text) => page.locator("#said", { hasText: text }).waitFor();
const press = (keys) => page.keyboard.press(keys);

test("a talk is corrected, filed, approved and undone by keys alone", async () => {
  const address = await open("--edit");
  assert.equal(await title(), "Bees on Rooftops");
  assert.equal(await page.locator("#count").textContent(), "0 of 3 approved");

  // The two sentences are counted while one types.
  await press("e");
  await press("ControlOrMeta+a");
  await page.keyboard.type("This talk counts bees");
  await page.locator("#measure", { hasText: "exactly two are needed" }).waitFor();
  await press("ControlOrMeta+a");
  await page.keyboard.type(OWN);
  await page.locator("#measure .good", { hasText: "2 sentences" }).waitFor();
  await press("Control+Enter");
  await says("Summary saved");
  assert.equal((await page.locator(".summary .sentence").allTextContents()).join(" "), OWN);
  assert.ok(catalog().includes(`summary = "${OWN}" }, # opening`), catalog());

  await press("c");
  await page.keyboard.type("seas");
  await press("Enter");
  await says("Category: Seasons");
  assert.ok(catalog().includes(`category = "Seasons"`));

  await press("a");
  await says("Approved");
  assert.notEqual(await title(), "Bees on Rooftops");
  assert.equal(await page.locator("#count").textContent(), "1 of 3 approved");

  // The page that is rendered says it too, and so does the preview.
  const preview = await (await page.request.get(`${address}preview`)).text();
  assert.ok(preview.includes("counts the bees of a whole city"));
  const [published] = await Promise.all([page.waitForEvent("popup"), press("p")]);
  await published.locator("h1", { hasText: "Hive Days" }).waitFor();
  assert.equal(await published.evaluate(() => self.origin), "null");
  await published.close();
  run("render");
  assert.equal(readFileSync(join(folder, "page", "index.html"), "utf8"), preview);

  for (const what of ["approval", "category", "summary"]) {
    await press("u");
    await says(`Undone: ${what}`);
    assert.equal(await title(), "Bees on Rooftops");
  }
  assert.equal(catalog(), CATALOG);
  assert.deepEqual(complaints, []);
});

test("a slip is no summary until it is saved a second time", async () => {
  await open("--edit");
  await press("e");
  await press("ControlOrMeta+a");
  await page.keyboard.type("Bees.");
  await press("Control+Enter");
  await page.locator("#alert", { hasText: "exactly two are needed" }).waitFor();
  assert.equal(catalog(), CATALOG);
  // What is typed after that is looked at again.
  await page.keyboard.type(" Bees.");
  await press("Control+Enter");
  await page.locator("#alert", { hasText: "a sentence has 1 word," }).waitFor();
  assert.equal(catalog(), CATALOG);
  await page.getByRole("button", { name: "Save as it is" }).click();
  await says("Summary saved");
  assert.ok(await page.locator("#alert").isHidden());
  assert.ok(catalog().includes(`summary = "Bees. Bees." }, # opening`), catalog());
});

test("what has no summary is not approved, and says why", async () => {
  writeFileSync(join(folder, "catalog.toml"), `title = "Hive Days"\ntalks = ["nobodysTalk"]\n`);
  await open("--edit");
  await press("a");
  await page.locator("#alert", { hasText: "no summary yet" }).waitFor();
  assert.equal(await page.locator("#count").textContent(), "0 of 1 approved");
});

test("the preview shows the pictures that the page brings along", async () => {
  const made = JSON.stringify(["beesOnRoofs", "webp 480x270, 25 kB if quality 45 allows"]);
  const digest = createHash("sha256").update(made).digest("hex").slice(0, 16);
  const picture = Buffer.from("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA", "base64");
  writeFileSync(join(folder, "cache", "beesOnRoofs", `thumbnail-${digest}.webp`), picture);
  writeFileSync(join(folder, "catalog.toml"), `thumbnails = "local"\n${CATALOG}`);
  const address = await open();
  // What a policy keeps from the page has failed.
  const isPicture = (request) => request.url().endsWith(`thumbnails/beesOnRoofs-${digest}.webp`);
  await Promise.all([page.waitForEvent("requestfinished", isPicture), page.goto(`${address}preview`)]);
  assert.equal(await page.evaluate(() => self.origin), "null");
});

test("quick fingers never overtake an answer", async () => {
  await open("--edit");
  for (const name of ["a", "a", "a", "u", "u", "h"]) await press(name);
  await says("Hidden");
  assert.equal(await page.locator("#count").textContent(), "1 of 2 approved");
  assert.equal(catalog().match(/approved = /g).length, 1);
  assert.ok(/beesInTowns.*hide = true/.test(catalog()), catalog());
  assert.deepEqual(complaints, []);
});

test("one gets about by keys, and keeps one's place", async () => {
  await open("--edit");
  await press("j");
  await press("ArrowDown");
  assert.equal(await title(), "Wax and Winter");
  await press("j");
  await says("This is the last talk");
  await page.reload();
  await page.waitForSelector("#title");
  assert.equal(await title(), "Wax and Winter");

  await press("h");
  await says("Hidden");
  assert.equal(await page.locator("#count").textContent(), "0 of 2 approved");
  await press("n");
  assert.equal(await title(), "Bees on Rooftops");
  await press("/");
  await page.keyboard.type("winter");
  assert.equal(await page.locator("#shown").textContent(), "1 talk shown");
  await press("Enter");
  assert.equal(await title(), "Wax and Winter");
  await press("h");
  await says("Shown again");

  await press("?");
  assert.ok(await page.locator("#help-dialog").isVisible());
  await press("Escape");
  assert.ok(await page.locator("#help-dialog").isHidden());
  assert.deepEqual(complaints, []);
});

test("a misheard name is found where it is said, and put right everywhere", async () => {
  await open("--edit");
  const finding = page.locator(".findings li", { hasText: "Chainyard" });
  await finding.locator(".places button", { hasText: "0:05" }).click();
  assert.ok(await page.locator("#words p", { hasText: "hold what a rooftop" }).evaluate((said) => said === document.activeElement));
  const moment = page.locator("#words a.time").first();
  assert.equal(await moment.getAttribute("href"), "https://www.youtube.com/watch?v=beesOnRoofs&t=5s");

  await press("g");
  assert.equal(await page.locator("#name-heard").inputValue(), "Chainyard");
  assert.equal(await page.locator("#name-name").inputValue(), "Chainguard");
  await page.locator("#name-count", { hasText: "Changes 1 summary" }).waitFor();
  await press("Enter");
  await says("Chainguard stands for Chainyard everywhere");
  assert.ok(!(await page.locator(".summary").textContent()).includes("Chainyard"));
  assert.ok(catalog().includes(`terms = ["Chainguard"] # never Chainyard\nheard = { Chainyard = "Chainguard" }\n`), catalog());
  assert.deepEqual(complaints, []);
});

test("a sentence shows where it is said, and says so where it is not", async () => {
  const said = "Balconies with thyme and clover are what the bees of a street live on for months.";
  const unsaid = "Whales sing beneath Antarctic ice.";
  const own = `${said} ${unsaid}`;
  writeFileSync(join(folder, "catalog.toml"), catalog().replace(/title = '[^']*'/, `title = "Streets", summary = "${own}"`));
  await open();
  await press("j");
  await page.locator("#words p").first().waitFor();
  const marks = () => page.evaluate(() => [...CSS.highlights.get("said")].map((range) =>
    range.startContainer.data.slice(range.startOffset, range.endOffset)).join(""));
  assert.equal(await marks(), "");

  await press("1");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), said);
  assert.equal(await marks(), said);
  assert.equal(await page.locator("#words p.said").count(), 1);
  const time = page.locator(".summary .moment");
  assert.equal(await time.textContent(), "Listen at 2:05");
  assert.match(await time.getAttribute("href"), /t=125/);
  await press("Enter");
  assert.ok(await page.evaluate(() => document.activeElement.matches("#words p.said")));

  await page.locator(".sentence", { hasText: unsaid }).hover();
  await says("No place in the talk was found for this sentence.");
  assert.equal(await marks(), "");
  assert.equal(await page.locator("#words p.said").count(), 0);
  await page.locator(".sentence", { hasText: said }).hover();
  assert.equal(await marks(), said);
  const line = await page.locator(".sentence.unplaced").evaluate((drawn) => getComputedStyle(drawn).textDecorationStyle);
  assert.equal(line, "dotted");
  assert.deepEqual(complaints, []);
});

test("talks without findings are approved together, and one step takes it back", async () => {
  await open("--edit");
  await press("A");
  await page.locator("#clean-count", { hasText: "2 talks to review" }).waitFor();
  assert.ok(!(await page.locator("#clean-talks").textContent()).includes("Bees on Rooftops"));
  await press("Escape");
  assert.equal(catalog(), CATALOG);
  await press("A");
  await page.getByRole("button", { name: "Approve 2 talks" }).click();
  await says("Approved: 2 talks");
  assert.equal(await page.locator("#count").textContent(), "2 of 3 approved");
  await press("u");
  await says("Undone: approval of 2 talks");
  assert.equal(catalog(), CATALOG);
  assert.deepEqual(complaints, []);
});

/** What a visit would have fetched of a talk. */
function putMetadata(talk, title) {
  const content = { title, description: "", channel: null, date: null, duration: 600, language: "en", chapters: [] };
  const cached = { version: 1, talk, stage: "metadata", made_at: "2026-06-01T00:00:00Z", content };
  mkdirSync(join(folder, "cache", talk), { recursive: true });
  writeFileSync(join(folder, "cache", talk, "metadata-0000000000000001.json"), JSON.stringify(cached));
}

test("titles that name their speakers are split together once they were seen, and one step takes it back", async () => {
  const entries = `  "beesOnRoofs", # opening
  { id = "beesInTowns" },
  "beesAndWax1",
  { id = "beesAtNight", title = "Night - Mira Okafor", speakers = ["Mira Okafor"] }, # mine`;
  const written = CATALOG.replace(/ {2}\{ id = "beesOnRoofs"[^]*"Wax and Winter" \},/, entries);
  writeFileSync(join(folder, "catalog.toml"), written);
  putMetadata("beesOnRoofs", "Bees on Rooftops - Mira Okafor, Hivewerk");
  putMetadata("beesInTowns", `${HOSTILE} - Bo Chenwi & Mira Okafor`);
  putMetadata("beesAndWax1", "Wax and Winter - Mira Okafor, Ada Quillson & Bo Chenwi");
  await open("--edit");
  const rows = page.locator("#split-rows tr");
  await press("T");
  await rows.nth(2).waitFor();
  assert.deepEqual(await rows.first().locator("td").allTextContents(),
    ["", "Bees on Rooftops - Mira Okafor, Hivewerk", "Bees on Rooftops", "Mira Okaforwithout Hivewerk"]);
  // What may well be wrong is not chosen, and what is one's own is not there.
  assert.deepEqual(await rows.locator("input").evaluateAll((boxes) => boxes.map(({ checked }) => checked)), [true, true, false]);
  assert.match(await page.locator("#split-left").textContent(), /^1 other talk with such a title has speakers of yours/);
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 700 });
    assert.ok(await page.locator("#split-dialog").evaluate((box) => box.scrollWidth <= box.clientWidth), `${width}`);
  }
  await press("Escape");
  assert.equal(catalog(), written);

  await page.setViewportSize({ width: 1280, height: 720 });
  await page.getByRole("button", { name: "Split titles…" }).click();
  await page.getByLabel("All titles").check();
  assert.equal(await page.locator("#split-save").textContent(), "Split 3 titles");
  await rows.nth(2).locator("input").uncheck();
  await page.getByRole("button", { name: "Split 2 titles" }).click();
  await says("Split: 2 titles");
  const text = catalog();
  assert.ok(text.includes(`{ id = "beesOnRoofs", title = "Bees on Rooftops", speakers = ["Mira Okafor"] }, # opening`), text);
  assert.ok(text.includes(`  "beesAndWax1",\n  { id = "beesAtNight", title = "Night - Mira Okafor", speakers = ["Mira Okafor"] }, # mine`), text);
  assert.equal(await title(), "Bees on Rooftops");
  await press("u");
  await says("Undone: split of 2 titles");
  assert.equal(catalog(), written);
  assert.notEqual(await page.title(), "pwned");
  assert.deepEqual(complaints, []);
});

test("an opening is cut off once one has seen what is left", async () => {
  const card = (id, summary) => `<table><tr><td><a href='https://www.youtube.com/watch?v=${id}'><img src='https://img.youtube.com/vi/${id}/0.jpg' width='200'></a></td>
<td valign='top' style='border: none;'>
<h3><a href='https://www.youtube.com/watch?v=${id}'>Bees of ${id}</a></h3>
${summary}
<div style='text-align: right; font-size: 0.8em;'><a href='#table-of-contents'>back to top</a></div>
</td>
</tr></table>`;
  const rest = "Bees of reused wood stay warm until the next spring.";
  const second = "Hives on rooftops feed on the balconies of a whole street.";
  const cards = [
    card("beesOnRoofs", `In this talk, the speaker says that bees of reused wood stay warm until the next spring. ${second}`),
    card("beesInTowns", `The speaker explains how bees of reused wood stay warm until spring. ${second}`),
  ];
  writeFileSync(join(folder, "old.md"), `# Old Hives\n\n<h2 id='table-of-contents'>Table of Contents</h2>\n\n- [Bees](#bees) (2 videos)\n\n\n<h2 id='bees'>Bees</h2>\n\n\n${cards.join("\n\n")}`);
  run("import", "old.md", "--into", "old");
  const catalog = () => readFileSync(join(folder, "old", "catalog.toml"), "utf8");
  const written = catalog();
  await open("--edit", "--catalog", "old/catalog.toml");
  const cut = page.locator(".findings").getByRole("button", { name: "Cut the opening" });
  await cut.click();
  await page.locator("#cut-versions section:nth-child(2) p").waitFor();
  assert.equal(await page.locator("#cut-versions section:nth-child(2) p").textContent(), `${rest} ${second}`);
  assert.equal((await page.locator("#cut-versions section:first-child del").allTextContents()).join(" ").trim(), "In this talk, the speaker says that bees");
  await press("Escape");
  assert.equal(catalog(), written);
  await cut.click();
  await page.locator("#cut-versions section:nth-child(2) p").waitFor();
  await press("Enter");
  await says("The opening is cut");
  assert.ok(catalog().includes(`summary = "${rest} ${second}"`), catalog());
  await press("u");
  await says("Undone: summary");
  assert.equal(catalog(), written);
  // Behind "how" is no whole sentence.
  await press("j");
  await page.locator(".findings li", { hasText: "The speaker explains" }).waitFor();
  assert.equal(await cut.count(), 0);
  assert.deepEqual(complaints, []);
});

test("the transcript is searched, whatever the case and the accents", async () => {
  await open();
  await press("s");
  await page.keyboard.type("chainyárd");
  await page.locator("#hits", { hasText: "1 of 2" }).waitFor();
  await press("Enter");
  assert.equal(await page.locator("#hits").textContent(), "2 of 2");
  assert.equal(await page.evaluate(() => [...CSS.highlights.get("here")].map(String).join()), "Chainyard");
  await page.keyboard.type("x");
  assert.equal(await page.locator("#hits").textContent(), "nowhere");
  await press("Escape");
  assert.equal(await page.locator("#hits").textContent(), "");
  await press("j");
  assert.equal(await title(), HOSTILE.replaceAll("'", '"'));
  assert.deepEqual(complaints, []);
});

test("one key saves, approves and goes on, past the filter too", async () => {
  await open("--edit");
  await page.locator("#order").selectOption("doubt");
  assert.ok((await page.locator("#talks li").first().textContent()).includes("Bees on Rooftops"));
  await press("/");
  await page.keyboard.type("rooftops");
  await press("Enter");
  await press("e");
  await press("ControlOrMeta+a");
  await page.keyboard.type("Bees.");
  await press("Control+Enter");
  await page.locator("#alert", { hasText: "exactly two are needed" }).waitFor();
  await press("Escape");
  assert.ok(await page.locator("#alert").isHidden());
  await press("e");
  await press("ControlOrMeta+a");
  await page.keyboard.type(OWN);
  await press("Control+Shift+Enter");
  await page.locator("#count", { hasText: "1 of 3 approved" }).waitFor();
  assert.notEqual(await title(), "Bees on Rooftops");
  assert.equal(await page.locator("#filter").inputValue(), "");
  assert.ok(catalog().includes(`summary = "${OWN}"`), catalog());
  assert.deepEqual(complaints.filter((complaint) => !complaint.includes("422")), []);
});

test("words that are not saved outlive what somebody else writes", async () => {
  await open("--edit");
  await press("e");
  await press("ControlOrMeta+a");
  await page.keyboard.type(OWN);
  writeFileSync(join(folder, "catalog.toml"), CATALOG.replace("Hive Days", "Honey Days"));
  await press("Control+Enter");
  await page.locator("#alert", { hasText: "changed elsewhere" }).waitFor();
  await page.locator("#conference", { hasText: "Honey Days" }).waitFor();
  assert.equal(await page.locator("#summary-text").inputValue(), OWN);
  await page.locator("#summary-text").focus();
  await press("Control+Enter");
  await says("Summary saved");
  assert.ok(catalog().includes("Honey Days") && catalog().includes(OWN));
});

/** A model on this machine that writes the same summary each time, or refuses; `asked` is what it was asked. */
async function model(answer, name = "small", file = "catalog.toml") {
  const asked = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    if (request.method === "POST") asked.push(body);
    answer(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const table = `\n[llm]\nbase_url = "http://127.0.0.1:${server.address().port}/v1"\nmodel = ${JSON.stringify(name)}\nprice = { input = 1.0, output = 2.0 }\n`;
  writeFileSync(join(folder, file), CATALOG + table);
  servers.push(server);
  return asked;
}

function writes(sentences) {
  const [first_sentence, second_sentence] = sentences;
  const content = JSON.stringify({ first_sentence, second_sentence });
  return (response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({
      choices: [{ message: { role: "assistant", content }, finish_reason: "stop" }],
      usage: { prompt_tokens: 1000, completion_tokens: 50 },
    }));
  };
}

const HINT = "The speaker is Ama Osei; say what keeps the bees warm.";
const NEW = [
  "Chainguard images hold all that a hive on a rooftop needs and nothing else.",
  "Boxes of reused wood keep the bees of a whole street warm through a long winter."];

/** Opens the dialog; letters before it is open belong to nobody. */
async function openRewrite() {
  await press("r");
  await page.locator("#rewrite-dialog[open]").waitFor();
}

async function askWithHint() {
  await openRewrite();
  await page.keyboard.type(HINT);
  await press("Enter");
}

const choice = (name) => page.locator("#rewrite-choices button", { hasText: name });
const offered = () => page.locator("#rewrite-choices button").allTextContents();

test("a model is asked with a hint once its cost is agreed to, and old and new stand side by side", async () => {
  const asked = await model(writes(NEW));
  await open("--edit", "--ask");
  const shown = async () => (await page.locator(".summary .sentence").allTextContents()).join(" ");
  const old = await shown();
  const before = catalog();
  const status = page.locator("#rewrite-status");
  const versions = page.locator("#rewrite-versions section");

  await openRewrite();
  assert.ok(await choice("What does it cost?").isDisabled());
  await page.keyboard.type(HINT);
  await press("Enter");
  await status.filter({ hasText: /about \$0\.00\d+, at most \$0\.0/ }).waitFor();
  assert.deepEqual(asked, []);
  assert.deepEqual(await offered(), ["Ask small"]);
  await press("Enter");
  await versions.first().waitFor();
  assert.equal(asked.length, 1);
  assert.ok(asked[0].includes(HINT));
  assert.deepEqual(await versions.locator("h3").allTextContents(), ["Old", "New"]);
  assert.deepEqual(await versions.locator("p").allTextContents(), [old, NEW.join(" ")]);
  assert.ok((await versions.nth(1).locator("ins").allTextContents()).join(" ").includes("Chainguard"));
  assert.ok(await versions.first().locator("del").count() > 0);

  // Without colors, the marks are still there.
  await page.emulateMedia({ forcedColors: "active" });
  const line = (selector) => page.locator(selector).first().evaluate((mark) => getComputedStyle(mark).textDecorationLine);
  assert.equal(await line("#rewrite-versions del"), "line-through");
  assert.equal(await line("#rewrite-versions ins"), "underline");

  await press("Escape");
  assert.equal(catalog(), before);

  // The same hint costs nothing again.
  await askWithHint();
  await versions.first().waitFor();
  await press("Enter");
  await says("The new summary is saved");
  assert.equal(await shown(), NEW.join(" "));
  assert.ok(catalog().includes(`summary = "${NEW.join(" ")}"`), catalog());
  assert.equal(asked.length, 1);
  await press("u");
  await says("Undone: summary");
  assert.equal(catalog(), before);
  assert.deepEqual(complaints, []);
});

test("why a model does not reply is said in the dialog, and a review that may not ask says so", async () => {
  await model((response) => response.writeHead(401).end());
  await open("--edit", "--ask");
  await askWithHint();
  await choice("Ask small").waitFor();
  await press("Enter");
  await page.locator("#rewrite-status", { hasText: "rejected a request without an API key" }).waitFor();
  assert.equal(await page.locator("#rewrite-hint").inputValue(), HINT);
  await press("Escape");
});

const OTHER = [
  "A hive on a rooftop needs little, and Chainguard images hold nothing else.",
  "Reused wood keeps a whole street of bees warm, and no winter changes that for any of them."];

/** Opens a review that asks two models. */
async function openForTwo(first, second) {
  const models = [await model(first), await model(second, HOSTILE, "catalog-b.toml")];
  await open("--edit", "--ask", "--second", "catalog-b.toml");
  return models;
}

test("two models write side by side after both costs are said, and one of the two is chosen, by keys alone", async () => {
  const [small, large] = await openForTwo(writes(NEW), writes(OTHER));
  const before = catalog();
  const old = (await page.locator(".summary .sentence").allTextContents()).join(" ");
  const lines = page.locator("#rewrite-status span");
  const versions = page.locator("#rewrite-versions section");
  const focused = () => page.evaluate(() => document.activeElement.textContent);

  await askWithHint();
  await choice("Ask both").waitFor();
  assert.deepEqual(await offered(), ["Ask both", "Ask small", `Ask ${HOSTILE}`]);
  const said = await lines.allTextContents();
  assert.equal(said.length, 2);
  for (const [nth, name] of ["small", HOSTILE].entries()) {
    assert.ok(said[nth].startsWith(`${name}: 1 request, about `) && said[nth].includes("at most $0.0"), said[nth]);
  }
  assert.deepEqual([small, large], [[], []]);
  assert.equal(await focused(), "Ask both");

  await press("Enter");
  await versions.nth(2).waitFor();
  assert.deepEqual(await versions.locator("h3").allTextContents(), ["Old", "small", HOSTILE]);
  assert.deepEqual(await versions.locator("p").allTextContents(), [old, NEW.join(" "), OTHER.join(" ")]);
  for (const nth of [1, 2]) assert.ok(await versions.nth(nth).locator("ins").count() > 0);
  assert.ok(await versions.first().locator("del").count() > 0);
  assert.deepEqual(await offered(), []);
  assert.equal(await page.title().then((title) => title.includes("pwned")), false);
  const box = async (nth) => versions.nth(nth).boundingBox();
  const [one, other] = [await box(1), await box(2)];
  assert.ok(one.y === other.y && one.x + one.width <= other.x);

  // Enter in the hint does nothing more, and leaving changes nothing.
  await page.locator("#rewrite-hint").focus();
  await press("Enter");
  assert.ok(await page.locator("#rewrite-dialog").isVisible());
  await press("Escape");
  assert.equal(catalog(), before);

  // Both replies are kept.
  await askWithHint();
  await versions.nth(2).waitFor();
  assert.equal(await focused(), "Take this one");
  await press("Tab");
  await press("Enter");
  await says("The new summary is saved");
  assert.equal((await page.locator(".summary .sentence").allTextContents()).join(" "), OTHER.join(" "));
  assert.deepEqual([small.length, large.length], [1, 1]);
  assert.ok(large[0].includes(HINT));
  assert.deepEqual(complaints, []);
});

test("one of two models may be asked alone, and the other after it", async () => {
  const [small, large] = await openForTwo(writes(NEW), writes(OTHER));
  const versions = page.locator("#rewrite-versions section");
  await askWithHint();
  await choice("Ask small").click();
  await versions.nth(1).waitFor();
  assert.deepEqual([small.length, large.length], [1, 0]);
  assert.deepEqual(await offered(), [`Ask ${HOSTILE}, too`]);
  assert.match(await page.locator("#rewrite-status").textContent(), /at most \$0\.0/);
  await choice(", too").click();
  await versions.nth(2).waitFor();
  assert.deepEqual([small.length, large.length], [1, 1]);
});

test("what keeps one of two models from replying is said beside the other's text", async () => {
  const refuses = (response) => response.writeHead(404).end(JSON.stringify({ error: { message: HOSTILE } }));
  await openForTwo(writes(NEW), refuses);
  await askWithHint();
  await choice("Ask both").waitFor();
  await press("Enter");
  const versions = page.locator("#rewrite-versions section");
  await versions.nth(1).waitFor();
  assert.deepEqual(await versions.locator("h3").allTextContents(), ["Old", "small"]);
  const lines = await page.locator("#rewrite-status span").allTextContents();
  assert.equal(lines.length, 2);
  assert.ok(lines[1].startsWith(`${HOSTILE}: `) && lines[1].includes("no such model or path"), lines[1]);
  await press("Enter");
  await says("The new summary is saved");
  assert.equal((await page.title()).includes("pwned"), false);
});

test("on a phone the texts of two models come one below the other", async () => {
  const [small, large] = await openForTwo(writes(NEW), writes(OTHER));
  await page.setViewportSize({ width: 360, height: 740 });
  await askWithHint();
  await choice("Ask both").waitFor();
  await press("Enter");
  const versions = page.locator("#rewrite-versions section");
  await versions.nth(2).waitFor();
  const boxes = await Promise.all([0, 1, 2].map((nth) => versions.nth(nth).boundingBox()));
  for (const [above, below] of [[0, 1], [1, 2]]) {
    assert.equal(boxes[above].x, boxes[below].x);
    assert.ok(boxes[above].y + boxes[above].height <= boxes[below].y);
  }
  const dialog = page.locator("#rewrite-dialog");
  assert.ok(await dialog.evaluate((element) => element.scrollWidth <= element.clientWidth));
});

test("a moment is played in the desk, at the speed that is chosen, and only after a click", async () => {
  const address = await open();
  await page.route("https://www.youtube-nocookie.com/**", (route) => route.fulfill({
    contentType: "text/html",
    body: `<!doctype html><title>Player</title><script>
      globalThis.told = [];
      addEventListener("message", ({ data, source }) => {
        told.push(data);
        if (JSON.parse(data).event === "listening") source.postMessage(JSON.stringify({ event: "onReady" }), "*");
      });</script>`,
  }));
  await page.locator("#words a.time").first().waitFor();
  assert.deepEqual(complaints, []);
  await page.locator("#speed").evaluate((speed) => { speed.value = "1.5"; });
  await page.locator("#words a.time").first().click();
  const player = async () => (await (await page.locator("#player iframe").elementHandle()).contentFrame());
  const told = async (rate) => (await player()).waitForFunction((rate) =>
    globalThis.told?.some((said) => said.includes(`"setPlaybackRate","args":[${rate}]`)), rate);
  await told(1.5);
  await page.locator("#speed").selectOption("0.75");
  await told(0.75);
  assert.equal(complaints.length, 1);
  const asked = new URL(complaints[0]);
  assert.equal(asked.origin + asked.pathname, "https://www.youtube-nocookie.com/embed/beesOnRoofs");
  assert.equal(asked.searchParams.get("start"), "5");
  assert.equal(await (await player()).evaluate(() => document.referrer), `${new URL(address).origin}/`);

  // Another talk takes it away, and a key plays from the sentence that was pointed at.
  await press("j");
  assert.ok(await page.locator("#player").isHidden());
  await press("k");
  await page.locator("[data-sentence]").first().hover();
  await press("v");
  await page.locator("#player iframe").waitFor();
  assert.equal(new URL(complaints[1]).searchParams.get("start"), "5");
  await page.getByRole("button", { name: "Close the video" }).click();
  assert.equal(await page.locator("iframe").count(), 0);
});

test("without --edit nothing can be changed", async () => {
  await open();
  assert.ok(await page.locator("#read-only").isVisible());
  assert.equal(await page.locator("#actions button").count(), 0);
  for (const name of ["a", "e", "h", "c", "g", "t", "w"]) await press(name);
  await says("This review is read-only");
  assert.equal(catalog(), CATALOG);
  await press("j");
  assert.notEqual(await title(), "Bees on Rooftops");
});

test("hostile texts are shown and never obeyed", async () => {
  await open("--edit");
  await press("j");
  assert.ok((await title()).startsWith("<img src=x"));
  await page.locator("#words p", { hasText: "<script>" }).waitFor();
  await press("e");
  await press("Escape");
  assert.equal(await page.locator("img, #talk script, #words script").count(), 0);
  assert.ok(!(await page.title()).includes("pwned"));
  assert.deepEqual(complaints, []);
});

test("nothing is cut off at 800 pixels, and dark is dark", async () => {
  await open("--edit");
  await page.setViewportSize({ width: 800, height: 600 });
  await page.emulateMedia({ colorScheme: "dark" });
  const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(isWider, false);
  const paper = await page.locator("#talk").evaluate((talk) => getComputedStyle(talk).backgroundColor);
  const [red] = paper.match(/\d+/g).map(Number);
  assert.ok(red < 64, paper);
});
