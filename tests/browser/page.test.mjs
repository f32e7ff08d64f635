// What the page does for its readers, in a real browser.

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { begins, field, filter, launch, open, serve } from "./browser.mjs";
import { large, sample } from "./conference.mjs";

const folders = {};
let server;
let browser;
let opened = [];

before(async () => {
  folders.sample = sample();
  folders.large = large(100);
  server = await serve(folders);
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
  const visit = await open(browser, `${server.address}/${path}`, options);
  opened.push(visit);
  return visit;
}

const shown = (page) => page.locator(".card:visible");
const status = (page) => page.locator(".controls output");
const titles = (page) => shown(page).locator("h3").allTextContents();
const focused = (page) => page.evaluate(() => document.activeElement.closest(".card")?.id ?? document.activeElement.id);

/** Waits until the page says so many talks. */
const says = (page, text) => status(page).filter({ hasText: begins(text) }).waitFor();
const saysSome = (page) => status(page).filter({ hasText: /\d of 100 talks/ }).waitFor();

test("search finds words of title, speakers, summary and category, whatever their accents", async () => {
  const { page } = await visit("sample/");
  assert.equal(await shown(page).count(), 10);
  // Two neighbours with one count could not be told apart.
  for (const [query, count, found] of [["ozdemir", 1, "Jördis"], ["cost courtesy", 3, "Polite Guest"], ["LEILANI", 1, "Leilani"]]) {
    await field(page, "Search").fill(query);
    await says(page, `${count} of 10 talks`);
    assert.equal(await shown(page).count(), count);
    const texts = await shown(page).allTextContents();
    assert.ok(texts.join().includes(found), `${query}: ${texts}`);
  }
  await field(page, "Search").fill("courtesy -cost");
  await says(page, "None of 10 talks");
  await field(page, "Search").fill("xyzzy");
  await says(page, "None of 10 talks");
  await page.getByRole("button", { name: "Show all" }).click();
  await says(page, "10 talks");
  assert.equal(await shown(page).count(), 10);
});

test("what is found stands in one list, the best first, and goes back to its sections", async () => {
  const { page } = await visit("large/");
  const programme = await titles(page);
  await field(page, "Search").fill("kernels");
  await page.getByRole("heading", { name: "best first" }).waitFor();
  const list = await titles(page);
  const weights = list.map((title) => (/kernels/i.test(title) ? 0 : 1));
  assert.ok(weights.includes(0) && weights.includes(1));
  assert.deepEqual(weights, weights.toSorted());
  assert.equal(await page.locator(".category:visible").count(), list.length);
  await field(page, "Search").fill("kernels proofs");
  await page.waitForFunction((before) => document.querySelectorAll(".card:not([hidden])").length < before, list.length);
  await field(page, "Search").fill("");
  await says(page, "100 talks");
  assert.deepEqual(await titles(page), programme);
});

test("titles are shown without what is said beside them, and found by it", async () => {
  const { page } = await visit("sample/");
  const all = await shown(page).evaluateAll((cards) => cards.map((card) => ({
    title: card.querySelector("h3").textContent,
    speakers: [...card.querySelectorAll(".speakers span")].map((name) => name.textContent),
  })));
  assert.ok(all.some(({ speakers }) => speakers.length));
  for (const { title, speakers } of all) for (const speaker of speakers) assert.ok(!title.endsWith(`- ${speaker}`), title);
  assert.ok(!all.some(({ title }) => title.includes("Proceedings Sample Day 2026")));
  await field(page, "Search").fill("proceedings sample day");
  await page.waitForFunction(() => document.querySelectorAll(".card:not([hidden])").length < 10);
  assert.ok(await shown(page).count() > 0);
});

test("matches are marked where they stand", async () => {
  const { page } = await visit("large/");
  await field(page, "Search").fill("zoe");
  await says(page, "25 of 100");
  const marks = () => page.evaluate(() => [...CSS.highlights.get("found")].map((range) =>
    range.startContainer.textContent.slice(range.startOffset, range.endOffset)));
  await page.waitForFunction(() => CSS.highlights.get("found").size > 0);
  for (const text of await marks()) assert.equal(text, "Zoë");
  await field(page, "Search").fill("");
  await says(page, "100 talks");
  await page.waitForFunction(() => CSS.highlights.get("found").size === 0);
});

test("each sentence leads to the second at which it is said, and shows what is said there", async () => {
  const { page } = await visit("sample/");
  const card = page.locator(".card", { has: page.locator("h3", { hasText: "Put the Question Last" }) });
  const times = card.locator(".text .moment");
  assert.equal(await times.count(), 2);
  const time = card.getByRole("link", { name: /^Listen at \d+:\d\d$/ }).first();
  const [minutes, seconds] = (await time.textContent()).split(":").map(Number);
  assert.ok((await time.getAttribute("href")).endsWith(`&t=${60 * minutes + seconds}s`));
  // A time makes no line of the text higher than the others.
  const lines = await card.locator(".text").evaluate((text) => text.getBoundingClientRect().height / parseFloat(getComputedStyle(text).lineHeight));
  assert.ok(Math.abs(lines - Math.round(lines)) < 0.05, `${lines} lines`);
  const quote = card.locator("q").first();
  assert.ok(!await quote.isVisible());
  await card.getByText("Where it is said").click();
  assert.ok(await quote.isVisible());
  // What is looked for is marked in a sentence, and times are no words.
  await field(page, "Search").fill("arranged");
  await says(page, "1 of 10");
  await page.waitForFunction(() => CSS.highlights.get("found").size === 1);
  const marked = await page.evaluate(() => [...CSS.highlights.get("found")].map((range) =>
    range.startContainer.data.slice(range.startOffset, range.endOffset)));
  assert.deepEqual(marked, ["arranged"]);
  await field(page, "Search").fill("Listen at");
  await says(page, "None of 10");
});

test("filters hold together, and headings, contents and choices count along", async () => {
  const { page } = await visit("large/");
  await filter(page, { Category: "AI & ML", Language: "German" });
  await page.waitForFunction(() => document.querySelectorAll(".card:not([hidden])").length < 10);
  const count = await shown(page).count();
  await says(page, `${count} of 100 talks`);
  const whole = (await page.locator(".card .category").allTextContents()).filter((name) => name === "AI & ML").length;
  assert.equal(await page.locator(".contents .count").first().textContent(), `${count} of ${whole}`);
  assert.equal(await page.locator("section:visible > h2").textContent(), `AI & ML ${count} of ${whole} talks`);
  assert.equal(await page.locator(".controls .open").textContent(), "Filter (2)");
  // What else could be chosen: with the other filters, and without its own.
  const options = (name) => page.locator(`[id="page.${name}"] option`).allTextContents();
  assert.ok((await options("language")).includes(`German (${count})`));
  assert.ok((await options("category")).filter((option) => /\([1-9]\d*\)$/.test(option)).length > 1);
  assert.equal(await page.locator(".outcome .chip").count(), 2);
  await filter(page, { Length: "over an hour", Speaker: "speaker 3" });
  await says(page, "1 of 100 talks");
  await filter(page, { Speaker: "Speaker 4" });
  await says(page, "None of 100 talks");
  await page.getByRole("button", { name: "Remove the filter Speaker 4" }).click();
  await page.getByRole("button", { name: "Remove the filter over an hour" }).click();
  await says(page, `${count} of 100 talks`);
  await page.getByRole("button", { name: "Show all" }).click();
  await says(page, "100 talks");
  assert.equal(await page.locator(".outcome").isVisible(), false);
});

test("choices count what the search leaves", async () => {
  const { page } = await visit("large/?q=kernels");
  const count = await shown(page).count();
  const options = await page.locator('[id="page.category"] option').allTextContents();
  const sum = options.map((option) => Number(/\((\d+)\)$/.exec(option)?.[1] ?? 0)).reduce((a, b) => a + b);
  assert.equal(sum, count);
});

test("where nothing is found, the page helps", async () => {
  const { page } = await visit("large/");
  await field(page, "Search").fill("kernesl");
  await page.getByText("No talk mentions “kernesl”.").waitFor();
  const offer = page.getByRole("button", { name: /^Show \d+ talks for “kernels”$/ });
  const [, count] = /(\d+)/.exec(await offer.textContent());
  await offer.click();
  await says(page, `${count} of 100 talks`);
  assert.equal(await field(page, "Search").inputValue(), "kernels");
  await filter(page, { Category: "Security", Speaker: "Nobody" });
  await page.getByText(`These filters hide ${count} talks that mention “kernels”.`).waitFor();
  await page.getByRole("button", { name: "Remove the filter Nobody" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".card:not([hidden])").length > 0);
});

for (const width of [360, 1280]) {
  test(`whatever is changed, the first hit comes in sight, at ${width} pixels`, async () => {
    const { page } = await visit("large/", { viewport: { width, height: 740 } });
    const changes = {
      search: async () => { await page.keyboard.press("/"); await page.keyboard.type("kernels"); },
      order: async () => { await page.evaluate(() => { const order = document.getElementById("page.sort"); order.value = "shortest"; order.dispatchEvent(new Event("input", { bubbles: true })); }); },
      filter: async () => filter(page, { Category: "Security" }),
      view: async () => { await page.evaluate(() => document.querySelector("[name=view][value=titles]").click()); },
    };
    for (const [what, change] of Object.entries(changes)) {
      await page.goto(`${server.address}/large/`);
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight * 0.8));
      const bar = await page.locator(".controls").boundingBox();
      assert.ok(bar.y === 0 && bar.height <= 64, `the bar stays, ${bar.height} pixels high`);
      await change();
      await page.waitForFunction(() => {
        const first = [...document.querySelectorAll(".sorted .card, .card")].find((card) => card.checkVisibility());
        const { top } = first.querySelector("h3").getBoundingClientRect();
        return top >= 64 && top < innerHeight;
      }, null, { timeout: 3000 }).catch(() => assert.fail(what));
    }
  });
}

test("contents mark where one is, and never throw the search away", async () => {
  const { page } = await visit("large/");
  const link = page.locator(".contents li a");
  await link.nth(2).click();
  await page.locator(".contents a[aria-current]").filter({ hasText: "Web </section>" }).waitFor();
  assert.equal(await page.locator("[aria-current]").count(), 1);
  await field(page, "Search").fill("kernels");
  await page.getByRole("heading", { name: "best first" }).waitFor();
  const [, part] = /^(\d+) of/.exec(await link.nth(1).locator(".count").textContent());
  await link.nth(1).click();
  await says(page, `${part} of 100 talks`);
  assert.equal(await field(page, "Search").inputValue(), "kernels");
  await field(page, "Search").fill("kernels -kernels");
  await says(page, "None of 100 talks");
  assert.equal(await page.locator(".contents a[href]").count(), 0);
});

test("talks are rows, titles or cards, as the reader likes and the page remembers", async () => {
  const { page } = await visit("large/");
  const view = () => page.evaluate(() => document.querySelector("main").dataset.view);
  assert.equal(await view(), "summaries");
  await page.getByLabel("Titles").check();
  await page.waitForURL(/view=titles/);
  const heights = await shown(page).evaluateAll((cards) => cards.map((card) => card.offsetHeight));
  assert.ok(Math.max(...heights) <= 40, `${Math.max(...heights)}`);
  const first = shown(page).nth(1);
  assert.equal(await first.locator(".text").isVisible(), false);
  await first.locator("h3 a").click();
  assert.equal(await first.locator(".text").isVisible(), true);
  assert.equal(await first.locator("h3 a").getAttribute("aria-expanded"), "true");
  await page.keyboard.press("Enter");
  assert.equal(await first.locator(".text").isVisible(), false);
  await page.goto(`${server.address}/large/`);
  assert.equal(await view(), "titles");
  await page.getByLabel("Pictures").check();
  await page.waitForURL(/view=pictures/);
  assert.ok((await shown(page).first().boundingBox()).width < 600);
  await page.getByLabel("Summaries").check();
  await page.waitForURL((url) => !url.search);
  const few = await visit("sample/");
  assert.equal(await few.page.evaluate(() => document.querySelector("main").dataset.view), "pictures");
});

test("on a phone a summary is cut and can be read whole", async () => {
  const { page } = await visit("large/", { viewport: { width: 360, height: 740 } });
  const card = shown(page).nth(1);
  const before = (await card.boundingBox()).height;
  await card.getByRole("button", { name: "more" }).click();
  assert.ok((await card.boundingBox()).height > before);
  assert.equal(await card.getByRole("button", { name: "more" }).count(), 0);
});

test("talks can be put in other orders and back", async () => {
  const { page } = await visit("large/");
  const programme = await titles(page);
  const lengths = () => shown(page).evaluateAll((cards) => cards.map((card) => Number(card.dataset.seconds ?? -1)));
  await field(page, "Order").selectOption("longest");
  await page.getByRole("heading", { name: "All talks, longest first" }).waitFor();
  const longest = await lengths();
  assert.deepEqual(longest, longest.toSorted((a, b) => b - a));
  await field(page, "Order").selectOption("newest");
  await page.getByRole("heading", { name: "newest" }).waitFor();
  const dates = await shown(page).evaluateAll((cards) => cards.map((card) => card.dataset.date ?? ""));
  assert.deepEqual(dates, dates.toSorted().reverse());
  assert.equal(await page.locator(".category:visible").count(), 100);
  await field(page, "Order").selectOption("");
  await page.getByRole("heading", { name: "Security" }).waitFor();
  assert.deepEqual(await titles(page), programme);
});

test("a view stands in the address, can be shared, and Back leaves it", async () => {
  const { page } = await visit("large/");
  await filter(page, { Category: "Security" });
  await page.waitForURL(/category=Security/);
  await field(page, "Search").pressSequentially("kernels");
  await page.waitForURL(/q=kernels/);
  const view = await titles(page);
  const shared = await visit(`large/${new URL(page.url()).search}`);
  assert.deepEqual(await titles(shared.page), view);
  assert.equal(await field(shared.page, "Search").inputValue(), "kernels");
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes("q="));
  assert.equal(await field(page, "Search").inputValue(), "");
  assert.equal(await field(page, "Category").inputValue(), "Security");
  await page.goBack();
  await says(page, "100 talks");
  await page.goForward();
  await saysSome(page);
  const odd = await visit("large/?category=Nothing&sort=sideways&q=");
  await says(odd.page, "100 talks");
});

test("keys search, clear and walk from card to card with the focus in sight", async () => {
  const { page } = await visit("large/?view=pictures", { reducedMotion: "reduce" });
  await page.keyboard.press("/");
  assert.equal(await focused(page), "page.q");
  await page.keyboard.type("a/b");
  assert.equal(await field(page, "Search").inputValue(), "a/b");
  await page.keyboard.press("Escape");
  await says(page, "100 talks");
  await page.keyboard.press("ArrowDown");
  const cards = await shown(page).evaluateAll((cards) => cards.map((card) => card.id));
  assert.equal(await focused(page), cards[0]);
  await page.keyboard.press("ArrowRight");
  assert.equal(await focused(page), cards[1]);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowDown");
  const below = await focused(page);
  assert.ok(cards.indexOf(below) > 1, below);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid");
  const covered = await page.evaluate(() => {
    const { left, top } = document.activeElement.getBoundingClientRect();
    return !document.activeElement.contains(document.elementFromPoint(left + 2, top + 4));
  });
  assert.ok(!covered, "what has the focus is in sight");
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(page), cards[0]);
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(page), "page.q");
  await filter(page, { Category: "Security" });
  await saysSome(page);
  await page.keyboard.press("Escape");
  await says(page, "100 talks");
});

test("a talk has an address of its own, which can be copied and brings back what is hidden", async () => {
  const { page } = await visit("large/?q=zoe", { permissions: ["clipboard-read", "clipboard-write"] });
  const card = shown(page).first();
  const id = await card.getAttribute("id");
  await card.locator(".anchor").click();
  await card.getByText("Link copied").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link, `${server.address}/large/#${id}`);
  assert.ok(await card.evaluate((card) => card.matches(":target")));
  await page.evaluate(() => { location.hash = "talk.talk-000011"; });
  await says(page, "100 talks");
  await page.waitForFunction(() => document.getElementById("talk.talk-000011").getBoundingClientRect().top < innerHeight);
});

test("YouTube is asked for nothing but pictures before the visitor agrees", async () => {
  const { page, asked } = await visit("large/");
  const players = () => asked.filter((url) => !url.startsWith("https://i.ytimg.com/"));
  const picture = shown(page).first().getByLabel(/^Play here/);
  await picture.click();
  const dialog = page.getByRole("dialog", { name: "Play this talk here?" });
  await dialog.waitFor();
  assert.match(await dialog.getByRole("link").getAttribute("href"), /^https:\/\/www\.youtube\.com\/watch\?v=/);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.ok(await picture.evaluate((link) => link === document.activeElement), "the focus comes back");
  assert.deepEqual(players(), []);

  await picture.click();
  await dialog.getByRole("button", { name: "Play here" }).click();
  await page.locator("iframe").waitFor();
  await page.waitForFunction(() => document.querySelector("iframe").title.length > 0);
  assert.equal(players().length, 1);
  assert.match(players()[0], /^https:\/\/www\.youtube-nocookie\.com\/embed\/talk-000000\?autoplay=1/);
  assert.equal(await page.evaluate(() => localStorage.length), 0);

  await shown(page).nth(1).getByLabel(/^Play here/).click();
  await page.waitForFunction(() => document.querySelector("iframe").src.includes("talk-000007"));
  assert.equal(await page.locator("iframe").count(), 1);
  await page.reload();
  await picture.click();
  await dialog.waitFor();
});

test("consent lasts when the visitor says so, and can be taken back", async () => {
  const { page } = await visit("large/");
  const picture = () => shown(page).first().getByLabel(/^Play here/);
  await picture().click();
  await page.getByLabel("Do not ask again").check();
  await page.getByRole("button", { name: "Play here" }).click();
  await page.locator("iframe").waitFor();
  await page.reload();
  await picture().click();
  await page.locator("iframe").waitFor();
  await page.getByRole("button", { name: "Ask again" }).click();
  await page.reload();
  await picture().click();
  await page.getByRole("dialog").waitFor();
});

test("without scripts every talk and every link is there, and no control is dead", async () => {
  const { page } = await visit("large/", { javaScriptEnabled: false });
  assert.equal(await shown(page).count(), 100);
  assert.equal(await page.locator("input, select, button, dialog").count(), 0);
  for (const link of await page.locator(".contents a").all()) {
    const anchor = await link.getAttribute("href");
    assert.equal(await page.locator(`[id="${anchor.slice(1)}"]`).count(), 1, anchor);
  }
  await page.locator(".contents a").last().click();
  assert.match(page.url(), /#uncategorized$/);
  const { y } = await page.locator("#uncategorized").boundingBox();
  assert.ok(y >= 0 && y < 300, `the heading is in sight: ${y}`);
});

test("nothing a title, summary or speaker says becomes markup", async () => {
  const { page } = await visit("large/");
  assert.equal(await page.title(), "Large & Hostile <Conf> 2026");
  assert.equal(await page.locator("script").count(), 3);
  assert.equal(await page.locator("h1").count(), 1);
  assert.equal(await page.locator("svg").count(), 1);
  assert.equal(await page.locator("a[href^='javascript']").count(), 0);
  assert.equal(await page.locator("main img").count(), 100);
  const first = await shown(page).locator("h3").first().textContent();
  assert.equal(first, "0 </script><script>document.title = 'owned'</script>");
});

test("search engines and those who link find what they look for", async () => {
  const { page } = await visit("large/");
  const data = JSON.parse(await page.locator("script[type='application/ld+json']").textContent());
  assert.equal(data["@type"], "CollectionPage");
  assert.equal(data.mainEntity.itemListElement.length, 100);
  const video = data.mainEntity.itemListElement[0].item;
  assert.equal(video["@type"], "VideoObject");
  assert.equal(video.name, "0 </script><script>document.title = 'owned'</script>");
  assert.equal(video.uploadDate, "2026-01-01T00:00:00Z");
  assert.equal(video.duration, "PT240S");
  const content = (selector) => page.locator(selector).getAttribute(selector.startsWith("link") ? "href" : "content");
  assert.equal(await content("link[rel=canonical]"), "https://conf.example/2026/");
  assert.equal(await content("meta[property='og:url']"), "https://conf.example/2026/");
  assert.equal(await content("meta[property='og:image']"), "https://conf.example/2026/preview.png");
  assert.equal(await content("meta[property='og:image:width']"), "1200");
  assert.equal(await content("meta[name='twitter:card']"), "summary_large_image");
  const picture = readFileSync(join(folders.large, "preview.png"));
  assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], [1200, 630]);
  assert.match(await content("meta[name=description]"), /100 talks/);
  assert.match(await page.locator("svg.overview title").first().textContent(), /AI & ML: \d+ talks/);
});

test("a hundred talks with those that are like them stay under 350 KB, and rendering again gives the same bytes", async () => {
  const file = join(folders.large, "index.html");
  assert.ok(statSync(file).size < 350 * 1024, `${statSync(file).size} bytes`);
  assert.equal(readFileSync(join(large(100), "index.html"), "utf8"), readFileSync(file, "utf8"));
});

for (const width of [320, 360, 768, 1440, 1600]) {
  test(`nothing is wider than a window of ${width} pixels`, async () => {
    const { page } = await visit("large/", { viewport: { width, height: 800 } });
    const room = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.equal(await room(), 0);
    for (const view of ["titles", "pictures"]) {
      await page.goto(`${server.address}/large/?sort=title&view=${view}`);
      await page.getByRole("heading", { name: "by title" }).waitFor();
      assert.equal(await room(), 0, view);
    }
  });
}

test("nothing jumps when the controls come", async () => {
  for (const width of [360, 1280]) {
    const { page } = await visit("large/", { viewport: { width, height: 800 } });
    const shift = await page.evaluate(() => new Promise((done) => {
      let sum = 0;
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
        .observe({ type: "layout-shift", buffered: true });
      setTimeout(() => done(sum), 300);
    }));
    assert.ok(shift < 0.02, `${width}: ${shift}`);
  }
});

test("on paper there are talks and addresses in two columns, and neither controls nor pictures", async () => {
  const { page } = await visit("large/?view=titles");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".controls").isVisible(), false);
  assert.equal(await page.locator(".text:visible").count(), 99);
  const sheets = (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  assert.ok(sheets <= 12, `${sheets} sheets`);
  assert.equal(await page.locator(".picture:visible").count(), 0);
  assert.equal(await page.locator("h3:visible").count(), 100);
  const address = await page.locator("h3 a").first().evaluate((link) => getComputedStyle(link, "::after").content);
  assert.match(address, /youtube\.com/);
});

test("who wants less motion gets none, and forced colors keep every talk readable", async () => {
  const { page } = await visit("large/", { reducedMotion: "reduce", forcedColors: "active" });
  const motion = await page.evaluate(() => getComputedStyle(document.querySelector(".anchor")).transitionDuration);
  assert.equal(motion, "0s");
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.getElementById("page.sort")).appearance), "none");
  assert.equal(await shown(page).count(), 100);
});

test("the first talk is high on the page, and a long word in a category widens nothing", async () => {
  for (const [width, height, most] of [[1280, 900, 330], [360, 740, 380]]) {
    const { page } = await visit("large/", { viewport: { width, height } });
    // How long an introduction is, is the organizer's business.
    await page.evaluate(() => document.querySelector(".intro").remove());
    const { y } = await shown(page).first().locator("h3").boundingBox();
    assert.ok(y <= most, `${width}: ${y}`);
    await page.evaluate(() => { for (const { firstChild } of document.querySelectorAll("h2, .name")) if (firstChild) firstChild.data = "Donaudampfschifffahrtsgesellschaft".repeat(3); });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  }
});

test("a missing picture leaves no box", async () => {
  const { page } = await visit("sample/");
  await page.route("https://i.ytimg.com/**", (route) => route.fulfill({ status: 404, contentType: "image/svg+xml",
    body: `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="90"/>` }));
  opened.at(-1).faults.length = 0;
  await page.reload();
  await page.waitForFunction(() => !document.querySelector(".card").querySelector("img"));
  // The browser itself reports each 404.
  opened.at(-1).faults.length = 0;
});
