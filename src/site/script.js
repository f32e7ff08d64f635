// The search across all conferences. Without it, the page is a list of them.
//
// What is searched is a script of some megabytes, which is loaded when somebody turns to the search
// field or comes with words in the address. It calls `searchable`. All text is put into the page as
// text, never as markup.

"use strict";

const byId = (name) => document.getElementById(`site.${name}`);
const field = byId("words");
const found = byId("found");
const list = found.querySelector("ol");
const more = found.querySelector("button");
const conferences = byId("conferences");
const said = document.querySelector("output");

// So many talks are shown at once.
const STEP = 30;
// How much a word counts that stands in title, speakers, category and conference, or summary.
const WEIGHTS = [8, 8, 3, 1];

let talks = null;
let hits = [];
let shown = 0;

// The same letters whatever their case and accents, and as many of them, so that a place in the
// folded text is the same place in the text.
function folded(text) {
  return text.replace(/[^\x00-\x7f]/g, plain).toLowerCase();
}

function plain(letter) {
  const base = letter.normalize("NFD").replace(/\p{Mn}/gu, "");
  return base.length === 1 ? base : letter;
}

const wanted = () => folded(field.value).split(/\s+/).filter(Boolean);

// ---- What is searched ----

window.searchable = (all) => {
  talks = all.flatMap(([folder, conference, language, categories, talks]) =>
    talks.map(([anchor, title, speakers, place, summary]) => ({
      address: `${folder}/index.html#${anchor}`,
      page: `${folder}/index.html`,
      category: categories[place][0],
      color: `color-${categories[place][1]}`,
      conference, language, title, speakers, summary,
      fields: null,
    })));
  show();
};

function load() {
  if (document.getElementById("site.talks")) return;
  const script = document.createElement("script");
  script.id = "site.talks";
  script.src = "search.js";
  script.onerror = () => {
    script.remove();
    said.value = "The list of talks cannot be loaded: search.js is not beside this page.";
  };
  document.head.append(script);
}

// How well a talk answers, 0 where one of the words is nowhere in it.
function score(talk, words) {
  talk.fields ??= [talk.title, talk.speakers, `${talk.category}\n${talk.conference}`, talk.summary].map(folded);
  let sum = 0;
  for (const word of words) {
    const weight = talk.fields.reduce((best, text, i) => (WEIGHTS[i] > best && text.includes(word) ? WEIGHTS[i] : best), 0);
    if (!weight) return 0;
    sum += weight;
  }
  return sum;
}

// ---- What is shown ----

const counted = (number, what) => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;

function show() {
  const words = wanted();
  const isSearch = words.length > 0;
  found.hidden = !isSearch;
  conferences.hidden = isSearch;
  list.replaceChildren();
  more.hidden = true;
  shown = 0;
  if (!isSearch) return say("");
  if (!talks) return say("Loading the talks …");
  hits = talks.map((talk) => [score(talk, words), talk]).filter(([score]) => score);
  // The sort is stable: of equals, those come first that stand first.
  hits = hits.sort(([a], [b]) => b - a).map(([, talk]) => talk);
  const from = new Set(hits.map((talk) => talk.page)).size;
  say(hits.length ? `${counted(hits.length, "talk")} in ${counted(from, "conference")}` : "No talk has all of these words.");
  append();
}

function say(words) {
  if (said.value !== words) said.value = words;
}

function append() {
  const words = wanted();
  list.append(...hits.slice(shown, shown + STEP).map((talk) => item(talk, words)));
  shown += STEP;
  more.hidden = shown >= hits.length;
}

function element(name, properties, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

function item(talk, words) {
  const text = (text) => parts(text, words);
  const facts = [
    [element("a", { href: talk.page, lang: talk.language }, ...text(talk.conference))],
    text(talk.category),
    text(talk.speakers),
  ];
  return element("li", { className: talk.color, lang: talk.language },
    element("h3", {}, element("a", { href: talk.address }, ...text(talk.title))),
    element("p", { className: "facts" }, ...facts.filter((fact) => fact.length).map((fact) => element("span", {}, ...fact))),
    ...(talk.summary ? [element("p", {}, ...text(talk.summary))] : []));
}

// A text in parts, the words that are looked for marked.
function parts(text, words) {
  const folds = folded(text);
  const spans = [];
  for (const word of words) {
    for (let at = folds.indexOf(word); at >= 0; at = folds.indexOf(word, at + word.length)) spans.push([at, at + word.length]);
  }
  spans.sort(([a], [b]) => a - b);
  const nodes = [];
  let end = 0;
  for (const [from, to] of spans) {
    if (from < end) continue;
    if (from > end) nodes.push(text.slice(end, from));
    nodes.push(element("mark", {}, text.slice(from, to)));
    end = to;
  }
  if (end < text.length) nodes.push(text.slice(end));
  return nodes;
}

// ---- The address, the keys ----

function fromAddress() {
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  if (field.value) load();
  show();
}

field.addEventListener("focus", load);
field.addEventListener("input", () => {
  load();
  show();
  const words = field.value.trim();
  history.replaceState(null, "", words ? `?${new URLSearchParams({ q: words })}` : location.pathname);
});
field.form.addEventListener("submit", (event) => event.preventDefault());
more.addEventListener("click", () => {
  const next = list.children.length;
  append();
  list.children[next].querySelector("a").focus();
});
window.addEventListener("popstate", fromAddress);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target === field;
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "Escape" && field.value) {
    field.value = "";
    field.dispatchEvent(new Event("input"));
    field.focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    step(event, event.key === "ArrowDown" ? 1 : -1);
  }
});

// From the field into the list of what was found, and back.
function step(event, by) {
  const stops = [field, ...list.querySelectorAll("h3 a")];
  const place = stops.indexOf(document.activeElement);
  const next = stops[place + by];
  if (place < 0 || !next) return;
  event.preventDefault();
  next.focus();
}

byId("search").hidden = false;
fromAddress();
