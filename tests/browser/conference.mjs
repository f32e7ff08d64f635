// Conferences for the tests, as catalogs and caches in folders of their own, rendered by the
// program itself: the sample of this repository, and one of any size whose texts are hostile.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Runs the program, which cargo builds first. */
export function proceedings(...args) {
  const run = ["run", "--quiet", "--locked", "--manifest-path", join(root, "Cargo.toml"), "--", "--quiet"];
  try {
    execFileSync("cargo", [...run, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    // 3 says that some talks lack something, or are there twice, which the made-up ones do.
    if (error.status !== 3) throw error;
  }
}

/** Makes a page from a catalog, and gives its folder. */
function rendered(folder, command) {
  proceedings("--catalog", join(folder, "catalog.toml"), command);
  return join(folder, "page");
}

/** The sample conference, with more lines over its catalog and more files beside it. */
export function sample(head = "", files = {}) {
  const folder = mkdtempSync(join(tmpdir(), "proceedings-"));
  for (const part of ["catalog.toml", "cache", "captions"]) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const catalog = join(folder, "catalog.toml");
  writeFileSync(catalog, `${head}\n${readFileSync(catalog, "utf8")}`);
  return rendered(folder, "build");
}

/** The catalog of a page that exists already. */
export function renderedFrom(catalog) {
  return rendered(dirname(catalog), "render");
}

const HOSTILE = [
  "</script><script>document.title = 'owned'</script>",
  "<img src=x onerror=\"document.title = 'owned'\">",
  "\"><svg onload=document.title='owned'>",
  "{{constructor}} ${document.title = 'owned'} <!-- <script> ]]>",
  "\u202eright to left\u202c \u2028 line \u2029 separator",
  "[link](javascript:alert(1)) &lt;b&gt; &amp; 'quotes' \"double\"",
  "AVeryLongWordWithoutAnyPlaceToBreakItSoThatANarrowWindowMustFindOneForItself".repeat(2),
];
const WORDS = "caches captions kernels pages proofs queues schedules searches tests tools types waves".split(" ");
const CATEGORIES = ["AI & ML", "Security", "Web </section>", "Storage", "Networks", "Languages", "Café Culture"];

/** A conference of so many talks. Talk 7 has no length, talk 8 no date, talk 9 no summary. */
export function large(count) {
  const folder = mkdtempSync(join(tmpdir(), "proceedings-"));
  const text = JSON.stringify;
  const word = (seed) => WORDS[(seed * 7 + (seed >> 3)) % WORDS.length];
  const talks = Array.from({ length: count }, (_, i) => {
    const id = `talk-${String(i).padStart(6, "0")}`;
    const plain = `How ${word(i)} taught us about ${word(i + 5)} in year ${i}`;
    const title = i < HOSTILE.length ? `${i} ${HOSTILE[i]}` : plain;
    const content = {
      title, description: "", channel: null,
      date: i === 8 ? null : `2026-0${1 + (i % 9)}-${String(1 + (i % 28)).padStart(2, "0")}`,
      duration: i === 7 ? null : 240 + ((i * 397) % 4200),
      language: i % 10 === 3 ? "de" : "en",
      chapters: i % 5 === 0 ? [0, 60, 120].map((start) => ({ start, title: `Part at ${start} <b>` })) : [],
    };
    const cached = { version: 1, talk: id, stage: "metadata", made_at: "2026-06-01T00:00:00Z", content };
    mkdirSync(join(folder, "cache", id), { recursive: true });
    writeFileSync(join(folder, "cache", id, "metadata-0000000000000001.json"), text(cached));
    const summary = `The talk walks through ${word(i + 1)} and ${word(i + 2)} as they were used for ${i} days, with the numbers that came of it and the mistakes on the way there. `
      + `It ends with what the team would do otherwise, ${i < HOSTILE.length ? HOSTILE[i] : `and why ${word(i + 3)} came first`}.`;
    const speakers = [`Speaker ${i % 60}`, ...(i % 4 === 0 ? [`Zoë O'Neil ${i % 7}`] : [])];
    const category = i % 11 === 10 ? "" : `, category = ${text(CATEGORIES[i % CATEGORIES.length])}`;
    return `  { id = "${id}", speakers = ${text(speakers)}${category}${i === 9 ? "" : `, summary = ${text(summary)}`} },`;
  });
  const categories = CATEGORIES.map((name) => `[[categories]]\nname = ${text(name)}\nabout = "what belongs there"\n`);
  writeFileSync(join(folder, "catalog.toml"), `title = "Large & Hostile <Conf> 2026"
intro = "# Welcome\\n\\nto [the programme](https://conf.example/) <script>document.title = 'owned'</script>"
url = "https://conf.example/2026/"
talks = [
${talks.join("\n")}
]

${categories.join("\n")}`);
  return rendered(folder, "render");
}
