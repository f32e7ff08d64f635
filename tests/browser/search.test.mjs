// How words are found, without a browser: the one search of the page and of the index of many.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const source = readFileSync(new URL("../../src/render/html/search.js", import.meta.url), "utf8");
const Search = new Function(`${source}; return Search;`)();

const talk = (title, speakers = "", category = "", summary = "") =>
  ({ title, fields: [title, speakers, category, summary].map(Search.field) });
const found = (talks, query) => Search.rank(talks, Search.parse(query)).map(({ title }) => title);

/** Whether a query finds a text. */
const finds = (query, text) => found([talk(text)], query).length === 1;
const marked = (query, text) => Search.marks(text, Search.parse(query)).map(([from, to]) => text.slice(from, to));

test("case, accents, width and unusual letters are the same to the search, and it marks what they are in the text", () => {
  for (const [query, text, mark] of [
    ["grosse", "Die Größe zählt", "Größe"], ["GRÖSSE", "größe", "größe"], ["GROẞE", "große", "große"],
    ["lodz", "Talks in Łódź", "Łódź"], ["oresund", "Øresund", "Øresund"], ["dordevic", "Đorđević", "Đorđević"],
    ["file", "a ﬁle", "ﬁle"], ["σισυφος", "ΣΊΣΥΦΟΣ", "ΣΊΣΥΦΟΣ"], ["ΣΙΣΥΦΟΣ", "Σίσυφος", "Σίσυφος"],
    ["istanbul", "İstanbul", "İstanbul"], ["ISTANBUL", "ıstanbul", "ıstanbul"], ["api", "ＡＰＩ keys", "ＡＰＩ"],
    ["zoe", "Zoe\u0308 speaks", "Zoe\u0308"], ["zoë", "Zoe", "Zoe"], ["о’brien", "о'brien", "о'brien"],
    ["O'Brien", "Pat O’Brien", "O’Brien"], ["obrien", "O’Brien", "O’Brien"], ["é", "e\u0301", "e\u0301"],
    ["nguyễn", "Nguye\u0302\u0303n", "Nguye\u0302\u0303n"], ["مرحبا", "مَرْحَبًا", "مَرْحَبًا"],
  ]) {
    assert.ok(finds(query, text), `${query} in ${text}`);
    assert.deepEqual(marked(query, text), [mark], query);
  }
});

test("words are found at their starts, one or two letters as whole words", () => {
  for (const [query, text] of [
    ["kube", "Kubernetes"], ["torch", "PyTorch"], ["bpf", "eBPF at scale"], ["server", "HTTPServer"],
    ["ai", "AI for all"], ["go", "Rust, Go and Zig"], ["c++", "Modern C++20"], ["c#", "C# and F#"], ["node.js", "Node.js"],
  ]) assert.ok(finds(query, text), `${query} in ${text}`);
  const others = talk("Maintainers of AI write Go and C");
  for (const [query, text] of [
    ["ai", "containers"], ["rust", "whom to trust"], ["ython", "Python"], ["c", "C++ alone"], ["ai", "OpenAI"],
    ["then", "the news"], ["asset", "as settled"],
  ]) assert.ok(!found([talk(text), others], query).includes(text), `${query} in ${text}`);
  assert.deepEqual(Search.parse(" ??? — 🚀 \" "), []);
  // Where nobody has the whole word, a reader is still typing it.
  const talks = [talk("Kubernetes"), talk("Go for it"), talk("Good")];
  assert.deepEqual(found(talks, "ku"), ["Kubernetes"]);
  assert.deepEqual(found(talks, "go"), ["Go for it"]);
});

test("a hyphen, a space and nothing are alike", () => {
  const spellings = ["Argo CD", "Argo-CD", "ArgoCD"];
  for (const query of [...spellings, '"argo cd"', "argo‑cd", "argo/cd"]) for (const text of spellings) {
    assert.ok(finds(query, `We run ${text} now`), `${query} in ${text}`);
    assert.deepEqual(marked(query, `We run ${text} now`).join(" ").replace(/[ -]/g, ""), "ArgoCD");
  }
  assert.ok(finds("gateway-api", "The Gateway API: what is new") && !finds("gateway-api", "An API of a gateway"));
  assert.ok(finds("multiclu", "multi-cluster"));
});

test("phrases and what is not wanted", () => {
  for (const quotes of ['""', "“”", "„“", "«»"]) {
    const phrase = `${quotes[0]}network policy${quotes[1]}`;
    assert.ok(finds(phrase, "A network policy for all"), phrase);
    assert.ok(!finds(phrase, "policy of the network") && !finds(phrase, "network policymakers"), phrase);
  }
  assert.ok(finds('"network pol', "network policy"), "a phrase that is still typed");
  const talks = [talk("Go and Rust"), talk("Go alone"), talk("Rust alone")];
  assert.deepEqual(found(talks, "go -rust"), ["Go alone"]);
  assert.deepEqual(found(talks, '-"go and"'), ["Go alone", "Rust alone"]);
  assert.deepEqual(found(talks, "- go"), ["Go and Rust", "Go alone"]);
});

test("scripts without gaps are found at every letter, Korean syllables whole", () => {
  assert.ok(finds("学習", "機械学習入門") && finds("入", "機械学習入門") && finds("プラ", "アプライ") && finds("เรียน", "การเรียนรู้"));
  assert.ok(!finds("か", "が"));
  assert.ok(finds("쿠버", "쿠버네티스 보안을") && finds("보안", "쿠버네티스 보안을") && finds("보안".normalize("NFD"), "보안"));
  // A syllable is no row of consonants: 가 is not found in 강.
  assert.ok(!finds("가", "강의") && !finds("ㄱ", "강의"));
  assert.ok(finds("हिन्दी", "हिन्दी में") && !finds("हन", "हिन्दी"));
});

test("title and speakers weigh more than category, and category more than summary", () => {
  const talks = [
    talk("One", "", "", "All of storage"), talk("Two", "", "Storage"), talk("Storage for all"),
    talk("Four", "Ann Storage"), talk("A storages"),
  ];
  assert.deepEqual(found(talks, "storage"), ["Storage for all", "A storages", "Four", "Two", "One"]);
  assert.deepEqual(found([talk("Spark", "", "Security", "Kubernetes"), talk("Kubernetes security")], "kubernetes security")[0], "Kubernetes security");
});

test("where nothing is found, it knows the nearest words, and fewer words", () => {
  const talks = [talk("Kubernetes security"), talk("Kubernetes"), talk("Observability of the web")];
  const suggested = (query) => Search.suggest(talks, query);
  assert.deepEqual(suggested("kuberntes"), [{ query: "kubernetes", count: 2 }]);
  assert.deepEqual(suggested("securty"), [{ query: "security", count: 1 }]);
  assert.deepEqual(suggested("obsevabilty"), [{ query: "observability", count: 1 }]);
  assert.deepEqual(suggested("kubernetse  web"), [{ query: "web", count: 1 }]);
  assert.deepEqual(suggested("security web"), [{ query: "web", count: 1 }, { query: "security", count: 1 }]);
  assert.deepEqual(suggested("xyzzy"), []);
  assert.deepEqual(suggested("bew"), []);
});

test("of a thousand talks, those are found that a reader of all would find", () => {
  const words = "caches kernels pages proofs queues schedules searches tests tools types waves networks".split(" ");
  const text = (i, length) => Array.from({ length }, (_, j) => words[(i * 7 + j * 5 + ((i * j) >> 2)) % words.length]).join(" ");
  const talks = Array.from({ length: 1000 }, (_, i) => talk(text(i, 3), `Speaker ${i}`, "Systems", text(i, 4 + (i % 5))));
  const count = found(talks, "kernels -caches").length;
  assert.ok(count > 0 && count < 1000, String(count));
  assert.equal(count, talks.filter(({ fields }) => fields.some(({ letters }) => letters.includes("kernels")) && !fields.some(({ letters }) => letters.includes("caches"))).length);
});
