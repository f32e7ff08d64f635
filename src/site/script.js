// The search across all conferences. Without it, the page is a list of them.
//
// What is searched is a script of some megabytes, which is loaded when somebody turns to the search
// field or comes with words in the address. It calls `searchable`. What was said is searched by
// `said.js`, which loads what it needs. All text is put into the page as text, never as markup.

"use strict";

const { lang, message, counted } = Words;
const byId = (name) => document.getElementById(`site.${name}`);
const field = byId("words");
const found = byId("found");
const list = found.querySelector("ol");
const more = found.querySelector("button");
const conferences = byId("conferences");
const output = byId("search").querySelector("output");
const help = document.querySelector(".help");
const spoken = byId("said");

// So many talks are shown at once.
const STEP = 30;
let talks = null;
let byAddress = new Map();
let hits = [];
let shown = 0;

const wanted = () => Search.parse(field.value);
let talksLoaded;
const whenLoaded = new Promise((done) => (talksLoaded = done));

// ---- Filters ----

const filters = [...document.querySelectorAll(".filters [name]")];
const chosen = () => Object.fromEntries(filters.map(({ name, value }) => [name, value.trim()]));
const isFiltered = () => filters.some(({ value }) => value.trim());

const LENGTHS = { 10: [1, 600], 30: [601, 1800], 60: [1801, 3600], more: [3601, Infinity] };

// Whether the filters leave a talk.
function filter() {
  const { year, conference, speaker, length } = chosen();
  const names = Search.parse(speaker);
  const [least, most] = LENGTHS[length] ?? [0, Infinity];
  return (talk) => (!year || talk.year === Number(year))
    && (!conference || talk.folder === conference)
    && talk.seconds >= least && talk.seconds <= most
    && (!names.length || Search.rank([{ fields: [talk.fields[1]] }], names).length > 0);
}

// ---- What is searched ----

window.searchable = (all) => {
  talks = all.flatMap(([folder, conference, language, categories, talks]) =>
    talks.map(([anchor, title, speakers, place, summary, whole, similar, also, seconds, year]) => ({
      address: `${folder}/index.html#${anchor}`,
      // Seen from the talk's own page: on it, or on that of another conference.
      similar: similar.map(([href, words]) => ({ address: href.replace(/^#/, `${folder}/index.html#`).replace(/^\.\.\//, ""), words })),
      page: `${folder}/index.html`,
      category: categories[place][0],
      color: `color-${categories[place][1]}`,
      conference, language, title, speakers, summary, also, folder, seconds, year,
      fields: [`${title}\n${whole}`, speakers, [categories[place][0], ...also, conference].join("\n"), summary].map(Search.field),
    })));
  byAddress = new Map(talks.map((talk) => [talk.address, talk]));
  talksLoaded();
  show();
};

// Runs the script at an address.
function run(address) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.onload = () => done(script.remove());
    script.onerror = () => failed(script.remove());
    script.src = address;
    document.head.append(script);
  });
}

let loading = false;

function load() {
  if (loading) return;
  loading = true;
  if (spoken) openSaid();
  run("search.js").catch(() => {
    loading = false;
    output.value = message("talks-not-loaded", { file: "search.js" });
  });
}

// ---- What is shown ----

function show() {
  const words = wanted();
  const isSearch = words.length > 0 || isFiltered();
  found.hidden = !isSearch;
  conferences.hidden = isSearch;
  list.replaceChildren();
  more.hidden = true;
  help.replaceChildren();
  shown = 0;
  if (spoken) listen();
  if (!isSearch) return say("");
  if (!talks) return say(message("loading-talks"));
  hits = Search.rank(isFiltered() ? talks.filter(filter()) : talks, words);
  const from = new Set(hits.map((talk) => talk.page)).size;
  const counts = { talks: counted("talks", hits.length), conferences: counted("conferences", from) };
  const none = () => (isFiltered() ? message("no-talk-left") : message("no-talk-mentions", { words: field.value.trim() }));
  say(hits.length ? message("talks-in-conferences", counts) : none());
  if (!hits.length && words.length) help.append(...Search.suggest(talks, field.value).map(offer));
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
  if (output.value !== words) output.value = words;
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

// ---- What was said ----

// So long nobody has to have typed before what was said is searched, in milliseconds; so many talks are
// shown at once; and so many are read for that, of which some may turn out not to answer.
const REST = 150, HEARD = 10, READ = 20;
let opening = null;
let finding = { query: "" };
let turn = 0;
let asked = "";
let answer = null;

function openSaid() {
  opening ??= Said.open(run).catch(() => {
    opening = null;
    throw new Error("said/index.js is not beside this page");
  });
  opening.catch(() => {});
}

// The talks that have these words, looked up once.
function find(query) {
  if (finding.query !== query) {
    openSaid();
    finding = { query, found: opening.then(() => Said.find(query)) };
    finding.found.catch(() => (finding = { query: "" }));
  }
  return finding.found;
}

// Shows where the words in the field were said, once nobody types any more.
async function listen() {
  const query = field.value.trim();
  const question = JSON.stringify([query, chosen()]);
  if (question === asked) return;
  asked = question;
  turn += 1;
  const own = turn;
  const [list, more] = [spoken.querySelector("ol"), spoken.querySelector("button")];
  list.replaceChildren();
  more.hidden = true;
  spoken.hidden = !query;
  const tell = (words) => {
    if (own === turn) spoken.querySelector("output").value = words;
  };
  tell("");
  // What is needed for it is on its way meanwhile; too many words begin with one letter or two.
  if (query.length > 2) find(query);
  await new Promise((done) => setTimeout(done, REST));
  if (own !== turn || !query) return;
  try {
    const found = await find(query);
    answer = found && { ...found };
    if (answer && isFiltered()) {
      await whenLoaded;
      const isLeft = filter();
      answer.numbers = answer.numbers.filter((number) => isLeft(talks[number]));
    }
    if (own !== turn) return;
    spoken.hidden = !answer;
    if (!answer) return;
    answer.heard = 0;
    tell(summary(answer));
    await hear(own);
    // The section was hidden when the browser looked for it.
    if (location.hash === `#${spoken.id}`) spoken.scrollIntoView();
  } catch {
    tell(message("said-not-loaded", { file: "said/" }));
  }
}

function summary({ numbers, isExact, tooShort }) {
  if (tooShort.length) return message("said-too-short", { words: tooShort[0] });
  if (!numbers.length) return message("said-nowhere");
  const talks = counted("talks", numbers.length);
  return isExact ? message("said-in", { talks }) : message("said-maybe-in", { talks });
}

// Shows the next talks in which the words were said.
async function hear(own) {
  const terms = wanted();
  const { numbers, isExact } = answer;
  const [list, more] = [spoken.querySelector("ol"), spoken.querySelector("button")];
  const end = Math.min(numbers.length, answer.heard + READ);
  let left = HEARD;
  more.hidden = true;
  while (answer.heard < end && left > 0 && own === turn) {
    const next = numbers.slice(answer.heard, answer.heard + left);
    answer.heard += next.length;
    const items = next.map((number) => list.appendChild(element("li", { className: talks?.[number]?.color ?? "" }, heading(number))));
    await Promise.all(next.map(async (number, i) => {
      const talk = await Said.talk(number);
      if (!isExact && !Said.answers(talk, terms)) return items[i].remove();
      left -= 1;
      fill(items[i], talk, terms);
    }));
  }
  if (own !== turn) return;
  const isOver = answer.heard >= numbers.length;
  more.hidden = isOver;
  if (isOver && !list.children.length && !answer.tooShort.length) spoken.querySelector("output").value = message("said-nowhere");
}

// What is known of a talk before its words are there.
function heading(number) {
  const title = talks?.[number]?.title ?? "…";
  return element("h3", {}, title);
}

function fill(item, { page, title, speakers, language, conference, said }, terms) {
  const moments = Said.passages({ said }, terms).map(({ second, words }) => {
    const time = second === null ? [] : [element("a", { href: `${page}#t=${second}`, className: "moment" }, clock(second)), " "];
    return element("p", { lang: language }, ...time, element("q", { dir: "auto" }, ...parts(words, terms)));
  });
  const facts = [element("a", { href: `${conference.folder}/index.html`, lang: conference.language }, conference.title), speakers];
  item.replaceChildren(
    element("h3", {}, element("a", { href: page }, title)),
    element("p", { className: "facts" }, ...facts.filter(Boolean).map((fact) => element("span", {}, fact))),
    ...moments);
}

const clock = (second) => {
  const [hours, minutes, rest] = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
};

spoken?.querySelector("button").addEventListener("click", async () => {
  const next = spoken.querySelector("ol").children.length;
  await hear(turn);
  spoken.querySelectorAll("h3 a")[next]?.focus();
});

// ---- The talks that are found ----

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
  const named = new URLSearchParams(location.search);
  field.value = named.get("q") ?? "";
  for (const filter of filters) filter.value = named.get(filter.name) ?? "";
  if (field.value || isFiltered()) load();
  show();
}

function toAddress() {
  const named = new URLSearchParams();
  for (const [name, value] of [["q", field.value.trim()], ...Object.entries(chosen())]) {
    if (value) named.set(name, value);
  }
  history.replaceState(null, "", named.size ? `?${named}` : location.pathname);
}

function change() {
  load();
  show();
  toAddress();
}

field.addEventListener("focus", load);
field.addEventListener("input", change);
for (const filter of filters) filter.addEventListener("input", change);
field.form.addEventListener("submit", (event) => event.preventDefault());
more.addEventListener("click", () => {
  const next = list.children.length;
  append();
  list.children[next].querySelector("a").focus();
});
window.addEventListener("popstate", fromAddress);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target === field || filters.includes(event.target);
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "Escape" && (field.value || isFiltered())) {
    for (const control of [field, ...filters]) control.value = "";
    field.dispatchEvent(new Event("input"));
    field.focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    step(event, event.key === "ArrowDown" ? 1 : -1);
  }
});

// From the field into the list of what was found, and back.
function step(event, by) {
  const stops = [field, ...document.querySelectorAll(".found:not([hidden]) h3 a")];
  const place = stops.indexOf(document.activeElement);
  const next = stops[place + by];
  if (place < 0 || !next) return;
  event.preventDefault();
  next.focus();
}

byId("search").hidden = false;
fromAddress();
