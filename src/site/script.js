// The search across all conferences. Without it, the page is a list of them.
//
// What is searched is a script of some megabytes, which is loaded when somebody turns to the search
// field or comes with words in the address. It calls `searchable`. All text is put into the page as
// text, never as markup.

"use strict";

const { lang, message, counted } = Words;
const byId = (name) => document.getElementById(`site.${name}`);
const field = byId("words");
const found = byId("found");
const list = found.querySelector("ol");
const more = found.querySelector("button");
const conferences = byId("conferences");
const said = document.querySelector("output");
const help = document.querySelector(".help");

// So many talks are shown at once.
const STEP = 30;
let talks = null;
let byAddress = new Map();
let hits = [];
let shown = 0;

const wanted = () => Search.parse(field.value);

// ---- What is searched ----

window.searchable = (all) => {
  talks = all.flatMap(([folder, conference, language, categories, talks]) =>
    talks.map(([anchor, title, speakers, place, summary, whole, similar, also]) => ({
      address: `${folder}/index.html#${anchor}`,
      // Seen from the talk's own page: on it, or on that of another conference.
      similar: similar.map(([href, words]) => ({ address: href.replace(/^#/, `${folder}/index.html#`).replace(/^\.\.\//, ""), words })),
      page: `${folder}/index.html`,
      category: categories[place][0],
      color: `color-${categories[place][1]}`,
      conference, language, title, speakers, summary, also,
      fields: [`${title}\n${whole}`, speakers, [categories[place][0], ...also, conference].join("\n"), summary].map(Search.field),
    })));
  byAddress = new Map(talks.map((talk) => [talk.address, talk]));
  show();
};

function load() {
  if (document.getElementById("site.talks")) return;
  const script = document.createElement("script");
  script.id = "site.talks";
  script.src = "search.js";
  script.onerror = () => {
    script.remove();
    said.value = message("talks-not-loaded", { file: script.getAttribute("src") });
  };
  document.head.append(script);
}

// ---- What is shown ----

function show() {
  const words = wanted();
  const isSearch = words.length > 0;
  found.hidden = !isSearch;
  conferences.hidden = isSearch;
  list.replaceChildren();
  more.hidden = true;
  help.replaceChildren();
  shown = 0;
  if (!isSearch) return say("");
  if (!talks) return say(message("loading-talks"));
  hits = Search.rank(talks, words);
  const from = new Set(hits.map((talk) => talk.page)).size;
  const counts = { talks: counted("talks", hits.length), conferences: counted("conferences", from) };
  say(hits.length ? message("talks-in-conferences", counts) : message("no-talk-mentions", { words: field.value.trim() }));
  if (!hits.length) help.append(...Search.suggest(talks, field.value).map(offer));
  append();
}

// Another search, which finds something.
function offer({ query, count }) {
  const button = element("button", { type: "button" }, message("show-for", { talks: counted("talks", count), words: query }));
  button.addEventListener("click", () => {
    field.value = query;
    field.dispatchEvent(new Event("input"));
    field.focus();
  });
  return button;
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
    text([talk.category, ...talk.also].filter(Boolean).join(", ")),
    text(talk.speakers),
  ];
  return element("li", { className: talk.color, lang: talk.language },
    element("h3", {}, element("a", { href: talk.address }, ...text(talk.title))),
    element("p", { className: "facts" }, ...facts.filter((fact) => fact.length).map((fact) => element("span", {}, ...fact))),
    ...(talk.summary ? [element("p", {}, ...text(talk.summary))] : []),
    ...(talk.similar.length ? [element("details", { className: "similar" },
      element("summary", { lang }, message("similar-talks")),
      element("ul", {}, ...talk.similar.map((similar) => alike(talk, similar))))] : []));
}

// A talk that is like another one, with its conference where that is another, and why.
function alike(talk, { address, words }) {
  const { title, conference, language, page } = byAddress.get(address);
  return element("li", { lang: language }, element("a", { href: address }, title),
    ...(page === talk.page ? [] : [" ", element("cite", {}, conference)]),
    " ", element("small", {}, words));
}

// A text in parts, the words that are looked for marked.
function parts(text, words) {
  const nodes = [];
  let end = 0;
  for (const [from, to] of Search.marks(text, words)) {
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
