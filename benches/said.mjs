// The search in what was said, measured on a site of generated talks.
//
//     cargo build --release
//     node benches/said.mjs [--talks 20000] [--words 6000] [--queries 500]
//
// The words of the talks follow Zipf's law, and each talk has some of its own. Nobody looks for the places
// of their summaries, which a build has found before a site is made. The script prints what the
// index takes on the disk and in the building, beside the same site without it; compares what is found
// with `grep`; and searches in Chromium, with a processor four times slower and a network of 1.6 Mbit/s
// and 150 ms. It needs Linux, grep, Chromium, and the packages of `tests/browser`.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import vm from "node:vm";
import { launch, serve } from "../tests/browser/browser.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const program = resolve(process.env.PROCEEDINGS ?? join(root, "target/release/proceedings"));
const options = { talks: "20000", words: "6000", queries: "500" };
const { values } = parseArgs({ options: Object.fromEntries(Object.entries(options).map(([name, value]) => [name, { type: "string", default: value }])) });
const [TALKS, WORDS, QUERIES] = [values.talks, values.words, values.queries].map(Number);
const OF_A_CONFERENCE = 1000, CUE_WORDS = 10, CUE_SECONDS = 4;

// ---- Chance that is the same every time ----

let state = 88172645463325252n;
function random() {
  state ^= (state << 13n) & 0xffffffffffffffffn;
  state ^= state >> 7n;
  state ^= (state << 17n) & 0xffffffffffffffffn;
  return Number(state >> 11n) / 2 ** 53;
}
const below = (number) => Math.floor(random() * number);

// ---- The talks ----

const SYLLABLES = "ka ver net con pro lo mi ster an ti re de in cache data ing er ly ion un so ma qu ex pre st tr a o e".split(" ");

function vocabulary(count) {
  const words = new Set();
  while (words.size < count) {
    const length = 1 + Math.floor(Math.log(words.size + 1) / Math.log(14)) + below(2);
    words.add(Array.from({ length }, () => SYLLABLES[below(SYLLABLES.length)]).join(""));
  }
  return [...words];
}

// The places of words by Zipf's law, one of which is drawn at a time.
function zipf(count) {
  const sums = [];
  let sum = 0;
  for (let i = 0; i < count; i += 1) sums.push(sum += 1 / (i + 2.7) ** 1.12);
  const table = new Uint32Array(1 << 20);
  for (let i = 0, word = 0; i < table.length; i += 1) {
    while (sums[word] < (i / table.length) * sum) word += 1;
    table[i] = word;
  }
  return () => table[below(table.length)];
}

function generate(folder) {
  const words = vocabulary(200_000);
  const draw = zipf(words.length);
  const catalogs = [];
  let letters = 0, distinct = 0;
  for (let first = 0; first < TALKS; first += OF_A_CONFERENCE) {
    const conference = join(folder, `conference-${first / OF_A_CONFERENCE}`);
    const entries = [];
    for (let talk = first; talk < Math.min(TALKS, first + OF_A_CONFERENCE); talk += 1) {
      const own = Array.from({ length: 30 }, () => words[200 + below(words.length - 200)]);
      const said = Array.from({ length: WORDS }, () => (random() < 0.03 ? own[below(own.length)] : words[draw()]));
      distinct += new Set(said).size;
      letters += keep(conference, folder, talk, said);
      entries.push(`{ id = "${id(talk)}", title = "About ${own[0]} and ${own[1]}", speakers = ["Speaker ${talk % 5000}"], summary = "${own.slice(0, 12).join(" ")}. And ${own.slice(12, 24).join(" ")}." },`);
    }
    writeFileSync(join(conference, "catalog.toml"), catalog(first / OF_A_CONFERENCE, entries));
    catalogs.push(conference);
  }
  console.log(`${TALKS} talks, ${Math.round(distinct / TALKS)} different words in each, ${megabytes(letters)} of text\n`);
  return { catalogs, letters };
}

const id = (talk) => `talk-${String(talk).padStart(6, "0")}`;
const catalog = (number, entries) => `title = "Conference ${number}"\nformats = ["html"]\nevidence = false\nthumbnails = "none"\npages = true\ntranscripts = true\ntalks = [\n${entries.join("\n")}\n]\n`;

/** Puts a talk into the cache, and its words where grep finds them. */
function keep(conference, folder, talk, said) {
  const own = join(conference, "cache", id(talk));
  const digest = String(talk).padStart(16, "0");
  const about = { version: 1, talk: id(talk), made_at: "2026-06-01T00:00:00Z" };
  const known = { language: "en", kind: "automatic", words: said.length, characters: said.join(" ").length };
  const cues = [];
  for (let at = 0; at < said.length; at += CUE_WORDS) {
    const start = (at / CUE_WORDS) * CUE_SECONDS;
    cues.push(`${start}.000 ${start + CUE_SECONDS}.000 ${said.slice(at, at + CUE_WORDS).join(" ")}`);
  }
  const metadata = { title: id(talk), description: "", channel: null, date: "2026-06-01", duration: cues.length * CUE_SECONDS, language: "en", chapters: [] };
  mkdirSync(own, { recursive: true });
  const write = (name, content) => writeFileSync(join(own, name), JSON.stringify(content));
  write(`metadata-${digest}.json`, { ...about, stage: "metadata", content: metadata });
  write(`transcript-${digest}.json`, { ...about, stage: "transcript", content: { language: "en", kind: "automatic", cues } });
  write("captions.json", { ...about, transcript: { digest, ...known } });
  const text = said.join(" ");
  mkdirSync(join(folder, "texts"), { recursive: true });
  writeFileSync(join(folder, "texts", String(talk)), text);
  return text.length;
}

// ---- Building ----

/** Runs `site`; gives its seconds and the most memory that it had. */
async function build(catalogs, site) {
  const start = performance.now();
  const child = spawn(program, ["--quiet", "site", ...catalogs, "--output", site], { stdio: ["ignore", "inherit", "inherit"] });
  let memory = 0;
  const watch = setInterval(() => {
    try {
      memory = Number(readFileSync(`/proc/${child.pid}/status`, "utf8").match(/VmHWM:\s+(\d+)/)[1]) * 1024;
    } catch { /* It has just ended. */ }
  }, 50);
  await new Promise((done) => child.on("exit", done));
  clearInterval(watch);
  return { seconds: (performance.now() - start) / 1000, memory };
}

const told = ({ seconds, memory }) => `${seconds.toFixed(1)} s, ${megabytes(memory)} of memory`;
const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 24 ? 1 : 0)} MB`;

function size(folder) {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) sum += statSync(join(entry.parentPath ?? entry.path, entry.name)).size;
  }
  return sum;
}

async function measureBuilding({ catalogs, letters }, site) {
  console.log(`site, the first time:            ${told(await build(catalogs, site))}`);
  rmSync(join(site, "said"), { recursive: true });
  console.log(`site, pages as they were:        ${told(await build(catalogs, site))}`);
  const withoutWords = (from, to) => catalogs.forEach((folder) => {
    const file = join(folder, "catalog.toml");
    writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
  });
  const index = size(join(site, "said/words")) + statSync(join(site, "said/index.js")).size;
  const pieces = readdirSync(join(site, "said/words")).length;
  const talks = size(join(site, "said/talks"));
  withoutWords("transcripts = true", "transcripts = false");
  await build(catalogs, `${site}-without`);
  console.log(`site without what was said:      ${told(await build(catalogs, `${site}-without`))}`);
  withoutWords("transcripts = false", "transcripts = true");
  console.log(`index: ${megabytes(index)} in ${pieces} pieces, ${((100 * index) / letters).toFixed(1)}% of the text; words of the talks: ${megabytes(talks)}\n`);
}

// ---- The same talks as grep finds ----

/** What the scripts of the page find, run without a browser. */
function searcher(site) {
  const context = vm.createContext({ TextEncoder, TextDecoder, atob });
  const scripts = ["src/render/html/search.js", "src/site/said.js"].map((file) => readFileSync(join(root, file), "utf8"));
  vm.runInContext(`${scripts.join("\n")}\nglobalThis.Said = Said; globalThis.Search = Search;`, context);
  const loaded = { bytes: 0 };
  const load = async (address) => {
    const script = readFileSync(join(site, address.replace(/\?.*/, "")));
    loaded.bytes += script.length;
    vm.runInContext(script.toString(), context);
  };
  return { ...context, load, loaded };
}

/** Queries of four kinds: a word, the start of one, two words, and two words side by side. */
function queries(folder) {
  return Array.from({ length: QUERIES }, (_, i) => {
    const words = readFileSync(join(folder, "texts", String(below(TALKS))), "utf8").split(" ");
    const long = (least) => {
      for (;;) {
        const at = below(words.length - 1);
        if (words[at].length >= least && words[at + 1].length >= least) return at;
      }
    };
    const [at, other] = [long(3), long(3)];
    switch (i % 4) {
      case 0: return { query: words[at], patterns: [`\\b${words[at]}`] };
      case 1: return { query: words[long(5)].slice(0, 4), patterns: null };
      case 2: return { query: `${words[at]} ${words[other]}`, patterns: [`\\b${words[at]}`, `\\b${words[other]}`] };
      default: {
        const far = long(6);
        return { query: `"${words[far]} ${words[far + 1]}"`, patterns: [`\\b${words[far]} ${words[far + 1]}\\b`] };
      }
    }
  }).map(({ query, patterns }) => ({ query, patterns: patterns ?? [`\\b${query}`] }));
}

function grepped(folder, patterns) {
  const found = patterns.map((pattern) => {
    try {
      const lines = execFileSync("grep", ["-rlE", pattern, join(folder, "texts")], { env: { ...process.env, LC_ALL: "C" }, maxBuffer: 2 ** 26 });
      return new Set(lines.toString().trim().split("\n").map((line) => Number(line.split("/").at(-1))));
    } catch {
      return new Set();
    }
  });
  return [...found[0]].filter((talk) => found.every((one) => one.has(talk))).sort((a, b) => a - b);
}

async function compare(folder, site) {
  const { Said, Search, load, loaded } = searcher(site);
  await Said.open(load);
  let same = 0, tooShort = 0, read = 0;
  const bytes = [];
  for (const { query, patterns } of queries(folder)) {
    loaded.bytes = 0;
    const answer = await Said.find(query);
    bytes.push(loaded.bytes);
    let found = answer.numbers;
    if (answer.tooShort.length) tooShort += 1;
    if (!answer.isExact) {
      read += found.length;
      const terms = Search.parse(query);
      const talks = [];
      for (const number of found) if (Said.answers(await Said.talk(number), terms)) talks.push(number);
      found = talks;
    }
    const expected = grepped(folder, patterns);
    const isSame = JSON.stringify([...found].sort((a, b) => a - b)) === JSON.stringify(expected);
    same += isSame;
    if (!isSame) console.log(`  ${query}: ${found.length} talks, grep ${expected.length}`);
  }
  bytes.sort((a, b) => a - b);
  console.log(`${same} of ${QUERIES} queries find the same talks as grep; ${tooShort} have too short a beginning; ${read} talks were read for words side by side`);
  console.log(`pieces loaded a query: median ${megabytes(bytes[bytes.length >> 1])}, most ${megabytes(bytes.at(-1))}, each piece once in all queries\n`);
}

// ---- In a browser ----

async function search(browser, address, query, isSlow) {
  const context = await browser.newContext({ viewport: { width: 412, height: 823 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  let bytes = 0;
  const ours = new Set();
  devtools.on("Network.requestWillBeSent", ({ requestId, request }) => /\/said\/(words|talks)\//.test(request.url) && ours.add(requestId));
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (ours.has(requestId)) bytes += encodedDataLength;
  });
  await page.goto(address);
  await page.locator("[id='site.words']").focus();
  await page.waitForFunction(() => talks);
  if (isSlow) {
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await devtools.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 });
  }
  const times = await page.evaluate((query) => new Promise((done) => {
    const field = document.getElementById("site.words");
    const start = performance.now();
    const times = {};
    new MutationObserver(() => {
      const list = document.querySelector(".said ol");
      if (list.children.length) times.title ??= performance.now() - start;
      if (list.querySelector("q")) times.passage ??= performance.now() - start;
      if (times.passage) done(times);
    }).observe(document.querySelector(".said"), { childList: true, subtree: true });
    field.value = query;
    field.dispatchEvent(new Event("input"));
    setTimeout(() => done(times), 20_000);
  }), query);
  await page.waitForLoadState("networkidle");
  await context.close();
  return { ...times, bytes };
}

async function browse(folder, site) {
  const server = await serve({ site });
  const browser = await launch();
  const address = `${server.address}/site/`;
  const chosen = queries(folder).slice(0, 20).map(({ query }) => query);
  for (const isSlow of [false, true]) {
    const found = [];
    for (const query of chosen) found.push(await search(browser, address, query, isSlow));
    const told = (name) => {
      const times = found.map((one) => one[name]).filter(Number.isFinite).sort((a, b) => a - b);
      return `median ${times[times.length >> 1]?.toFixed(0)}, most ${times.at(-1)?.toFixed(0)}`;
    };
    console.log(`${isSlow ? "slow phone" : "this machine"}, from the last key, with the 150 ms in which nobody types: first talk ${told("title")} ms, first passage ${told("passage")} ms; loaded ${told("bytes")} bytes`);
  }
  await browser.close();
  server.close();
}

const folder = mkdtempSync(join(tmpdir(), "proceedings-said-"));
const site = join(folder, "site");
try {
  const made = generate(folder);
  await measureBuilding(made, site);
  await compare(folder, site);
  await browse(folder, site);
} finally {
  rmSync(folder, { recursive: true });
}
