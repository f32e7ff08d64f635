
// What the page does beyond showing itself: search, filters, order, keys, players.
//
// Everything is read from the page, so there is no second copy of it. Without this script, all
// talks are there and every link works: controls come out of a <template>, so none is ever dead.

const main = document.getElementById("page.talks");
const controls = main.querySelector("template").content;
const form = controls.querySelector("form");
const sorted = controls.querySelector(".sorted");
const dialog = controls.querySelector("dialog");
const withdraw = controls.querySelector(".withdraw");
const status = form.querySelector("output");
const whole = form.querySelector("button");
const control = (name) => form.elements.namedItem(name);
const search = control("q");
const sections = [...main.querySelectorAll("section")];

const FILTERS = ["q", "category", "speaker", "language", "length", "sort"];
const LENGTHS = [["under 10 minutes", 0, 600], ["10 to 30 minutes", 600, 1800], ["30 to 60 minutes", 1800, 3600], ["over an hour", 3600, Infinity]];
const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });
const ORDERS = {
  newest: ["newest first", (a, b) => (b.date || "0").localeCompare(a.date || "0")],
  oldest: ["oldest first", (a, b) => (a.date || "9").localeCompare(b.date || "9")],
  shortest: ["shortest first", (a, b) => (a.seconds ?? Infinity) - (b.seconds ?? Infinity) || 0],
  longest: ["longest first", (a, b) => (b.seconds ?? -1) - (a.seconds ?? -1)],
  title: ["by title", (a, b) => collator.compare(a.title, b.title)],
};
const talks = [...main.querySelectorAll(".card")].map(talk);

function talk(card) {
  const text = (selector) => card.querySelector(selector)?.textContent ?? "";
  const seconds = card.dataset.seconds;
  return {
    card,
    cards: card.parentElement,
    title: text("h3"),
    category: text(".category"),
    speaker: [...card.querySelectorAll(".speakers span")].map((name) => name.textContent),
    language: text(".language"),
    date: card.querySelector("time")?.dateTime,
    seconds: seconds && Number(seconds),
    length: seconds && LENGTHS.find(([, , below]) => seconds < below)[0],
    fields: null,
  };
}

// ---- What is looked for ----

// The words of a part that are its own: the times in a paragraph are not searched.
const texts = (part) => [...part.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);

// Reads what is searched of each talk; this is done once, before it is needed.
function read() {
  for (const talk of talks) {
    const text = (selector) => [...talk.card.querySelectorAll(selector)].flatMap(texts).map((node) => node.data).join("\n");
    talk.fields ??= ["h3 a", ".speakers span", ".category", ".text, .sentence"].map(text).map(Search.field);
  }
}

function passes(talk, view) {
  return (!view.category || talk.category === view.category)
    && (!view.speaker || talk.speaker.includes(view.speaker))
    && (!view.language || talk.language === view.language)
    && (!view.length || talk.length === view.length);
}

// ---- What is shown ----

// A view of the page is what its controls say, and what stands in its address.
const current = () => Object.fromEntries(FILTERS.map((name) => [name, control(name).value.trim()]));
const isWhole = (view) => FILTERS.every((name) => !view[name]);

let shown = talks;
let order = "";

function show(view) {
  const terms = Search.parse(view.q);
  if (terms.length) read();
  const ranked = terms.length ? Search.rank(talks, terms) : talks;
  shown = ranked.filter((talk) => passes(talk, view));
  const isShown = new Set(shown);
  for (const talk of talks) {
    const hidden = !isShown.has(talk);
    if (talk.card.hidden !== hidden) talk.card.hidden = hidden;
  }
  order = view.sort || (terms.length ? "best" : "");
  if (view.sort) shown.sort(ORDERS[view.sort][1]);
  arrange();
  if (playing?.card.hidden) stop();

  sorted.hidden = !order;
  for (const section of sections) {
    const count = shown.filter((talk) => talk.cards.parentElement === section).length;
    section.hidden = Boolean(order) || count === 0;
    const link = document.querySelector(`.contents a[href="#${CSS.escape(section.getAttribute("aria-labelledby"))}"]`);
    link?.classList.toggle("empty", count === 0);
    const number = link?.querySelector(".count");
    if (number) number.textContent = count;
  }
  const all = talks.length === 1 ? "1 talk" : `${talks.length} talks`;
  const message = isWhole(view) ? all : shown.length ? `${shown.length} of ${all}` : `None of ${all}`;
  if (status.value !== message) status.value = message;
  whole.hidden = isWhole(view);
  mark(terms);
}

// One list in an order of its own, with the shown talks in it, or every talk back in its section.
function arrange() {
  const list = sorted.querySelector(".cards");
  const away = new Set(talks.filter((talk) => talk.card.parentElement === list));
  const next = order ? shown : [];
  if (order) sorted.querySelector("h2").textContent = order === "best" ? "Talks found, the best first" : `All talks, ${ORDERS[order][0]}`;
  if (playing && away.has(playing.talk) !== next.includes(playing.talk)) stop();
  for (const talk of next) away.delete(talk);
  for (const cards of new Set([...away].map((talk) => talk.cards))) {
    const isThere = ({ parentElement }) => parentElement === cards;
    cards.append(...talks.filter((talk) => talk.cards === cards && (away.has(talk) || isThere(talk.card))).map((talk) => talk.card));
  }
  next.forEach(({ card }, i) => {
    const there = list.children[i];
    if (there !== card) list.insertBefore(card, there ?? null);
  });
}

// Matches are marked without touching the page, and only in cards near the window.
const found = globalThis.Highlight && new Highlight();
if (found) CSS.highlights.set("found", found);
const near = new Set();
let marked = [];

function mark(terms) {
  marked = terms;
  if (!found) return;
  found.clear();
  if (!terms.length) return;
  for (const { card } of shown) if (near.has(card)) for (const part of card.querySelectorAll("h3 a, .speakers span, .text, .sentence, .category")) {
    for (const node of texts(part)) for (const [from, to] of Search.marks(node.data, terms)) {
      found.add(new StaticRange({ startContainer: node, startOffset: from, endContainer: node, endOffset: to }));
    }
  }
}

const watch = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) near[isIntersecting ? "add" : "delete"](target);
  if (marked.length) mark(marked);
}, { rootMargin: "50%" });

// ---- The address ----

function fromAddress() {
  const asked = new URLSearchParams(location.search);
  for (const name of FILTERS) {
    const field = control(name);
    field.value = asked.get(name) ?? "";
    // A select that has no such option would be empty.
    if (field.selectedIndex === -1) field.value = "";
  }
}

function address(view) {
  const set = FILTERS.filter((name) => view[name]).map((name) => [name, view[name]]);
  return set.length ? `?${new URLSearchParams(set)}` : location.pathname;
}

// What is typed in one go is one step back.
let isTyping = false;
let pending;

function remember(typed) {
  clearTimeout(pending);
  const write = () => {
    const next = address(current());
    if (next === (location.search || location.pathname)) return;
    history[typed && isTyping ? "replaceState" : "pushState"](null, "", next);
    isTyping = typed;
  };
  if (typed) pending = setTimeout(write, 150);
  else write();
}

function change(typed) {
  show(current());
  remember(typed);
}

function showAll() {
  form.reset();
  change(false);
}

// A link to what is hidden shows everything again.
function reveal() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = document.getElementById(id);
  if (!target?.closest("[hidden]")) return;
  form.reset();
  show(current());
  history.replaceState(null, "", location.pathname + location.hash);
  target.scrollIntoView();
}

// ---- Keys ----

const title = (talk) => talk.card.querySelector("h3 a");

function toSearch() {
  search.focus();
  search.select();
}

// The nearest card in the next row: rows of one section are as high as their highest card.
function beside(talk, direction) {
  const here = talk.card.getBoundingClientRect();
  let best = null;
  let least = Infinity;
  for (const other of shown) {
    const there = other.card.getBoundingClientRect();
    const down = (there.top - here.top) * direction;
    const away = down * 1e4 + Math.abs(there.left - here.left);
    if (down > 1 && away < least) [best, least] = [other, away];
  }
  return best;
}

function step(key) {
  const at = shown.findIndex((talk) => title(talk) === document.activeElement);
  if (at < 0) return false;
  if (key === "ArrowUp" || key === "ArrowDown") {
    const next = beside(shown[at], key === "ArrowDown" ? 1 : -1);
    if (next) title(next).focus();
    else if (key === "ArrowUp") toSearch();
    return true;
  }
  const next = shown[at + (key === "ArrowRight" ? 1 : -1)];
  if (next) title(next).focus();
  return true;
}

function onKey(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || dialog.open) return;
  const inSearch = event.target === search;
  const inField = event.target.matches("input, select, textarea");
  let isOurs = true;
  if (event.key === "/" && !inField) toSearch();
  else if (event.key === "Escape" && inSearch && search.value) { search.value = ""; change(false); }
  else if (event.key === "Escape" && !isWhole(current())) showAll();
  else if (event.key === "ArrowDown" && inSearch && shown.length) title(shown[0]).focus();
  else isOurs = event.key.startsWith("Arrow") && !inField && !event.shiftKey && step(event.key);
  if (isOurs) event.preventDefault();
}

// ---- Players ----

const CONSENT = "proceedings.player";
let mayPlay = remembered() === "yes";
let playing = null;

// Some browsers keep nothing for files, or for anybody.
function remembered() {
  try { return localStorage.getItem(CONSENT); } catch { return null; }
}

function allow(isLasting) {
  mayPlay = true;
  try { if (isLasting) localStorage.setItem(CONSENT, "yes"); } catch { /* then it lasts as long as the page */ }
  withdraw.hidden = remembered() !== "yes";
}

function forget() {
  mayPlay = false;
  try { localStorage.removeItem(CONSENT); } catch { /* nothing was kept */ }
  withdraw.hidden = true;
}

function play(card) {
  stop();
  const picture = card.querySelector(".picture");
  const frame = document.createElement("iframe");
  frame.className = "player";
  frame.title = card.querySelector("h3").textContent;
  frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.src = `https://www.youtube-nocookie.com/embed/${card.dataset.video}?autoplay=1&rel=0${card.dataset.part}`;
  picture.hidden = true;
  picture.after(frame);
  frame.focus();
  playing = { card, talk: talks.find((talk) => talk.card === card), frame, picture };
}

function stop() {
  playing?.frame.remove();
  if (playing) playing.picture.hidden = false;
  playing = null;
}

function onPicture(event) {
  if (event.button !== 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const picture = event.currentTarget;
  if (mayPlay) return play(picture.closest(".card"));
  dialog.querySelector("a").href = picture.href;
  dialog.querySelector("input").checked = false;
  dialog.querySelector(".play").onclick = () => {
    dialog.close();
    allow(dialog.querySelector("input").checked);
    play(picture.closest(".card"));
  };
  dialog.showModal();
}

// YouTube plays nothing in a page that has no address, such as a file: there, pictures stay links.
function offerPlayers() {
  if (location.protocol === "file:") return;
  for (const { card, title } of talks) {
    if (!card.dataset.video) continue;
    const picture = card.querySelector(".picture");
    picture.removeAttribute("aria-hidden");
    picture.removeAttribute("tabindex");
    picture.setAttribute("aria-label", `Play here: ${title}`);
    picture.addEventListener("click", onPicture);
  }
}

// ---- Links and pictures ----

async function copyLink(event) {
  const link = event.target.closest(".anchor");
  if (!link) return;
  const label = link.firstElementChild;
  try {
    await navigator.clipboard.writeText(new URL(link.hash, location.origin === "null" ? location.href : location.origin + location.pathname));
  } catch {
    return; // It stands in the address all the same.
  }
  label.textContent = "Link copied";
  setTimeout(() => { label.textContent = "Link"; }, 2000);
}

// YouTube answers with a grey picture of 120 pixels where it has none; the drawn one is better.
function dropMissing(image) {
  if (image.complete && image.naturalWidth <= 120) image.remove();
}

// ---- Setting up ----

// Offers what there is to choose from, with counts; one thing alone is no choice.
function offer(name, values, compare) {
  const counts = new Map();
  for (const value of values) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  const field = control(name);
  const names = [...counts.keys()];
  if (compare) names.sort(compare);
  field.append(...names.map((value) => new Option(`${value} (${counts.get(value)})`, value)));
  field.closest(".field").hidden = counts.size < 2;
}

offer("category", talks.map((talk) => talk.category));
offer("speaker", talks.flatMap((talk) => talk.speaker), collator.compare);
offer("language", talks.map((talk) => talk.language), collator.compare);
offer("length", LENGTHS.flatMap(([name]) => talks.map((talk) => talk.length).filter((length) => length === name)));

main.firstElementChild.replaceWith(form);
main.append(sorted);
document.body.append(dialog);
document.querySelector("footer").append(withdraw);
withdraw.hidden = !mayPlay;
withdraw.querySelector("button").addEventListener("click", forget);
dialog.querySelector(".cancel").addEventListener("click", () => dialog.close());

let frame;
form.addEventListener("input", ({ target }) => {
  // A keystroke answers in the frame in which it is drawn, however fast the next one comes.
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => change(target === search));
});
form.addEventListener("submit", (event) => { event.preventDefault(); search.blur(); });
whole.addEventListener("click", () => { showAll(); search.focus(); });
search.addEventListener("focus", read, { once: true });
search.addEventListener("blur", () => { isTyping = false; });
document.addEventListener("keydown", onKey);
main.addEventListener("click", copyLink);
for (const event of ["load", "error"]) {
  main.addEventListener(event, ({ target }) => { if (target instanceof HTMLImageElement) dropMissing(target); }, true);
}
for (const image of main.querySelectorAll(".picture img")) if (image.complete && image.src && image.naturalWidth) dropMissing(image);
addEventListener("popstate", () => { isTyping = false; fromAddress(); show(current()); });
addEventListener("hashchange", reveal);

offerPlayers();
for (const { card } of talks) watch.observe(card);
fromAddress();
show(current());
reveal();
