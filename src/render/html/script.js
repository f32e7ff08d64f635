
// What the page does beyond showing itself: search, filters, order, views, keys, players.
//
// Everything is read from the page, so there is no second copy of it. Without this script, all
// talks are there and every link works: controls come out of a <template>, so none is ever dead.

const main = document.getElementById("page.talks");
const controls = main.querySelector("template").content;
const form = controls.querySelector("form");
const panel = form.querySelector(".panel");
const outcome = controls.querySelector(".outcome");
const sorted = controls.querySelector(".sorted");
const list = sorted.querySelector(".cards");
const dialog = controls.querySelector("dialog");
const withdraw = controls.querySelector(".withdraw");
const status = form.querySelector("output");
const home = document.querySelector(".home a");
// The conference's folder, where the index of the site finds what was said in its talks.
const saidIn = home?.dataset.folder;
const control = (name) => form.elements.namedItem(name);

// ---- Words ----

const { lang, numbers, message } = Words;
const counted = (count) => Words.counted("talks", count);
const search = control("q");

// What stands in the address; all but the last leave talks out.
const FILTERS = ["category", "speaker", "language", "length", "watch"];
const NARROWING = ["q", ...FILTERS];
const ALL = [...NARROWING, "sort"];
const LENGTHS = [["length-10", 600], ["length-30", 1800], ["length-60", 3600], ["length-more", Infinity]].map(([key, below]) => [message(key), below]);
const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });
const ORDERS = {
  newest: (a, b) => (b.date || "0").localeCompare(a.date || "0"),
  oldest: (a, b) => (a.date || "9").localeCompare(b.date || "9"),
  shortest: (a, b) => (a.seconds ?? Infinity) - (b.seconds ?? Infinity) || 0,
  longest: (a, b) => (b.seconds ?? -1) - (a.seconds ?? -1),
  title: (a, b) => collator.compare(a.title, b.title),
};
const talks = [...main.querySelectorAll(".card")].map(talk);
const byCard = new Map(talks.map((talk) => [talk.card, talk]));
const sections = [...main.querySelectorAll("section")].map(section);

function talk(card) {
  const text = (selector) => card.querySelector(selector)?.textContent ?? "";
  const { seconds, date, language } = card.dataset;
  return {
    card,
    id: card.id.replace(/^talk\./, ""),
    cards: card.parentElement,
    title: text("h3"),
    category: text(".category"),
    also: [...card.querySelectorAll(".also")].map((name) => name.textContent),
    speakers: [...card.querySelectorAll(".speakers span")].map((name) => name.textContent),
    language,
    date,
    seconds: seconds && Number(seconds),
    length: seconds && LENGTHS.find(([, below]) => seconds < below)[0],
    fields: null,
    names: null,
  };
}

// A section, its link in the contents, and what both say where no talk is left out.
function section(element) {
  const heading = element.querySelector("h2");
  const link = document.querySelector(`.contents a[href="#${CSS.escape(heading.id)}"]`);
  const own = talks.filter(({ cards }) => cards.parentElement === element);
  const count = heading.querySelector(".count");
  return { element, heading, link, talks: own, category: own[0]?.category, count, whole: count?.textContent, shown: own.length };
}

// ---- What is looked for ----

// The words of a part that are its own: the times in a paragraph are not searched.
const texts = (part) => [...part.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);

// The title that is shown may be shorter than the title that is found, which stands in the link to it.
const [before, after] = message("link-to", { title: "\n" }).split("\n");
const linked = (text) => text.trim().slice(before.length, -after.length || undefined);
const whole = ({ card, title }) => `${title}\n${linked(card.querySelector(".anchor .hidden-text")?.textContent ?? "")}`;

// Reads what is searched of each talk; this is done once, before it is needed.
function read() {
  for (const talk of talks) {
    const text = (selector) => [...talk.card.querySelectorAll(selector)].flatMap(texts).map((node) => node.data).join("\n");
    talk.fields ??= [whole(talk), text(".speakers span"), text(".category, .also"), text(".text, .sentence")].map(Search.field);
  }
}

// The talks of a list as it stands in the address.
const listed = (ids) => ids.split(/[ ,]+/).filter(Boolean);

// Whether somebody of that name speaks; parts of a name will do.
function speaks(talk, name) {
  const terms = Search.parse(name);
  if (!terms.length) return true;
  talk.names ??= talk.speakers.map((speaker) => ({ fields: [Search.field(speaker)] }));
  return Search.rank(talk.names, terms).length > 0;
}

const PASSES = {
  category: (talk, category) => talk.category === category || talk.also.includes(category),
  speaker: speaks,
  language: (talk, language) => talk.language === language,
  length: (talk, length) => talk.length === length,
  watch: (talk, ids) => listed(ids).includes(talk.id),
};

const passes = (talk, view, but) => FILTERS.every((name) => name === but || !view[name] || PASSES[name](talk, view[name]));

// ---- What is shown ----

// A view of the page is what its controls say, and what stands in its address.
const current = () => Object.fromEntries(ALL.map((name) => [name, control(name).value.trim()]));
const isWhole = (view) => NARROWING.every((name) => !view[name]);

let shown = talks;
let order = "";

function show(view) {
  const terms = Search.parse(view.q);
  if (terms.length) read();
  const ranked = terms.length ? Search.rank(talks, terms) : talks;
  shown = ranked.filter((talk) => passes(talk, view));
  order = view.sort || (terms.length ? "best" : "");
  if (view.sort) shown.sort(ORDERS[view.sort]);
  const isShown = new Set(shown);
  for (const talk of talks) {
    const hidden = !isShown.has(talk);
    if (talk.card.hidden !== hidden) talk.card.hidden = hidden;
  }
  arrange();
  if (playing?.card.hidden) stop();
  tell(view, isShown);
  offer(view, ranked);
  help(view, ranked);
  mark(terms);
}

// One list in an order of its own, with the shown talks in it, or every talk back in its section.
function arrange() {
  const away = new Set(talks.filter((talk) => talk.card.parentElement === list));
  const next = order ? shown : [];
  if (playing && next.includes(playing.talk) !== away.has(playing.talk)) stop();
  for (const talk of next) away.delete(talk);
  for (const section of sections) {
    if (!section.talks.some((talk) => away.has(talk))) continue;
    const back = section.talks.filter((talk) => away.has(talk) || talk.card.parentElement === talk.cards);
    section.talks[0].cards.append(...back.map((talk) => talk.card));
  }
  next.forEach(({ card }, i) => {
    const there = list.children[i];
    if (there !== card) list.insertBefore(card, there ?? null);
  });
}

const set = (node, text) => { if (node && node.textContent !== text) node.textContent = text; };

// Headings, contents and status say how many talks are shown, of how many.
function tell(view, isShown) {
  const whole = isWhole(view);
  sorted.hidden = !order || !shown.length;
  if (order) {
    set(sorted.querySelector("h2"), message(`heading-${order}`, { talks: whole ? message("all-talks") : counted(shown.length) }));
  }
  for (const section of sections) {
    const { element, link, count, talks, whole: all } = section;
    section.shown = talks.filter((talk) => isShown.has(talk)).length;
    const words = { shown: numbers.format(section.shown), number: numbers.format(talks.length) };
    const isAll = section.shown === talks.length;
    element.hidden = Boolean(order) || section.shown === 0;
    set(count, isAll ? all : message("part-of-section", words, talks.length));
    if (!link) continue;
    set(link.querySelector(".count"), isAll ? String(talks.length) : section.shown ? message("part", words, talks.length) : "0");
    link.classList.toggle("empty", section.shown === 0);
    // What leads nowhere is no link.
    if (section.shown) link.href = `#${section.heading.id}`;
    else link.removeAttribute("href");
  }
  document.querySelector(".contents").classList.toggle("none", !shown.length);
  const all = counted(talks.length);
  const words = { shown: numbers.format(shown.length), talks: all, number: numbers.format(talks.length) };
  const said = whole ? all : message(shown.length ? "part-of-talks" : "none-of-talks", words, talks.length);
  if (status.value !== said) status.value = said;
  // An empty field says the same where a text is expected.
  status.classList.toggle("hidden-text", !view.q);
}

// Offers what there is to choose from, with the talks that each choice would show.
function offer(view, ranked) {
  for (const name of FILTERS) {
    const field = control(name);
    field.classList.toggle("chosen", Boolean(view[name]));
    if (!field.options) continue;
    const left = ranked.filter((talk) => passes(talk, view, name));
    for (const option of field.options) {
      if (option.value) set(option, `${option.value} (${left.filter((talk) => PASSES[name](talk, option.value)).length})`);
    }
  }
  const count = FILTERS.filter((name) => view[name] && panel.contains(control(name))).length;
  const open = form.querySelector(".open");
  open.classList.toggle("chosen", count > 0);
  set(open, count ? message("filter-chosen", { number: count }, count) : message("filter"));
  ownList.setAttribute("aria-pressed", Boolean(view.watch) && view.watch === ownList.dataset.talks);
  set(control("sort").options[0], message(view.q ? "order-best" : "order-by-category"));
  control("sort").classList.toggle("chosen", Boolean(view.sort));
}

function button(text, act, className = "") {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, className });
  button.addEventListener("click", act);
  return button;
}

const linkTo = (text, href) => Object.assign(document.createElement("a"), { href, textContent: text });

// The index of the site with a search.
const searchAt = (asked) => `${home.getAttribute("href")}?${new URLSearchParams(asked)}`;

// Says what leaves talks out, and what to do where nothing is left.
function help(view, ranked) {
  const [none, offers, chips] = outcome.children;
  const chosen = FILTERS.filter((name) => view[name]);
  const isNone = shown.length === 0 && !isWhole(view);
  const isHidden = isNone && ranked.length > 0 && chosen.length > 0;
  outcome.hidden = !isNone && !chosen.length && !(saidIn && view.q);
  const hidden = () => message("filters-hide", { number: numbers.format(ranked.length), words: view.q }, ranked.length);
  const why = isHidden && view.q ? hidden() : view.q ? message("no-talk-mentions", { words: view.q }) : message("no-talk-left");
  set(none, isNone ? why : "");
  const others = isNone && !ranked.length && view.q ? Search.suggest(talks, view.q) : [];
  offers.replaceChildren(...others.map(({ query, count }) =>
    button(message("show-for", { talks: counted(count), words: query }), () => { search.value = query; change(false); search.focus(); })));
  if (isNone && view.q && home) offers.append(linkTo(message("search-all-conferences"), searchAt({ q: view.q })));
  if (saidIn && view.q) offers.append(linkTo(message("search-what-was-said"), `${searchAt({ q: view.q, conference: saidIn })}#site.said`));
  const label = (name) => (name === "watch" ? message("later") : view[name]);
  const drop = (name) => button(label(name), () => { control(name).value = ""; change(false); }, "chip");
  chips.replaceChildren(...chosen.map(drop));
  for (const chip of chips.querySelectorAll(".chip")) chip.setAttribute("aria-label", message("remove-filter", { name: chip.textContent }));
  if (isNone || chosen.length) chips.append(button(message("show-all"), () => { showAll(); search.focus(); }));
  if (view.watch) chips.append(...ofList(view));
}

// ---- What is kept for later ----

const keptTalks = () => talks.filter(({ id }) => Later.has(id));
const joined = (talks) => talks.map(({ id }) => id).join(",");
const [ownList, ownCount] = listButton();

// The button that shows the reader's own list, and the field in which a list stands.
function listButton() {
  const list = button("", toList, "own-list");
  const word = Object.assign(document.createElement("span"), { className: "word", textContent: message("later") });
  const count = document.createElement("span");
  list.title = message("later");
  list.append(word, " ", count);
  form.querySelector(".open").after(list, Object.assign(document.createElement("input"), { type: "hidden", name: "watch" }));
  return [list, count];
}

// What can be done with a list that is shown: to pass it on, and to keep what another one has sent.
function ofList(view) {
  const there = talks.filter((talk) => PASSES.watch(talk, view.watch));
  const copy = button(message("copy-list"), () => copyAddress(location.href, copy, message("copy-list")));
  const keep = button(message("keep-list"), () => { Later.add(there.map(({ id }) => id)); showKept(); });
  return there.every(({ id }) => Later.has(id)) ? [copy] : [keep, copy];
}

// Buttons say what is kept, and so does a list that is shown and was the reader's own.
function showKept() {
  const own = keptTalks();
  for (const { card, id } of talks) card.querySelector(".later")?.setAttribute("aria-pressed", Later.has(id));
  const list = control("watch");
  const wasOwn = list.value && list.value === ownList.dataset.talks;
  ownList.dataset.talks = joined(own);
  ownList.hidden = !own.length;
  ownCount.textContent = numbers.format(own.length);
  if (!wasOwn) return show(current());
  list.value = joined(own);
  change(false);
}

function toList() {
  const list = control("watch");
  list.value = list.value === ownList.dataset.talks ? "" : ownList.dataset.talks;
  change(false);
}

// A card that comes near gets its button; in a list of the reader's own it goes when it is taken off.
function offerLater(talk) {
  if (talk.card.querySelector(".later")) return;
  const button = Later.button(talk.id, message("later-talk", { title: talk.title }), () => {
    const at = shown.indexOf(talk);
    showKept();
    if (talk.card.hidden) (shown[Math.min(at, shown.length - 1)]?.card.querySelector(".later") ?? search).focus();
  });
  button.setAttribute("aria-pressed", Later.has(talk.id));
  talk.card.append(button);
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
  for (const { card } of shown) if (near.has(card)) for (const part of card.querySelectorAll("h3 a, .speakers span, .text, .sentence, .category, .also")) {
    for (const node of texts(part)) for (const [from, to] of Search.marks(node.data, terms)) {
      found.add(new StaticRange({ startContainer: node, startOffset: from, endContainer: node, endOffset: to }));
    }
  }
}

const watch = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    near[isIntersecting ? "add" : "delete"](target);
    if (!isIntersecting) continue;
    clamp(target);
    offerLater(byCard.get(target));
  }
  if (marked.length) mark(marked);
}, { rootMargin: "50%" });

// The contents know where one is.
const inView = new Set();
const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) inView[isIntersecting ? "add" : "delete"](target);
  const first = sections.find(({ element }) => inView.has(element) && !element.hidden);
  for (const { link } of sections) {
    if (link === first?.link) link?.setAttribute("aria-current", "true");
    else link?.removeAttribute("aria-current");
  }
}, { rootMargin: "-72px 0px -70% 0px" });

// ---- The address ----

function fromAddress() {
  const asked = new URLSearchParams(location.search);
  for (const name of ALL) {
    const field = control(name);
    field.value = asked.get(name) ?? "";
    // A select that has no such option would be empty.
    if (field.selectedIndex === -1) field.value = "";
  }
  layOut(asked.get("view") ?? kept(VIEW) ?? usual);
}

function address(view) {
  const set = ALL.filter((name) => view[name]).map((name) => [name, view[name]]);
  if (main.dataset.view !== usual) set.push(["view", main.dataset.view]);
  // A comma may stand there as it is, and is read more easily so.
  return set.length ? `?${new URLSearchParams(set)}`.replaceAll("%2C", ",") : location.pathname;
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
  toFirst();
}

// Who has scrolled past the first talk sees it again, since it may be another one.
function toFirst() {
  const top = main.getBoundingClientRect().top + scrollY;
  if (scrollY > top) scrollTo({ top, behavior: "instant" });
  place();
}

function showAll() {
  for (const name of ALL) control(name).value = "";
  change(false);
}

// A link to a talk that is hidden shows everything again.
function reveal() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = document.getElementById(id);
  if (!target) return;
  if (target.closest("[hidden]")) {
    for (const name of ALL) control(name).value = "";
    show(current());
    history.replaceState(null, "", address(current()) + location.hash);
  }
  if (target.matches(".card") && main.dataset.view === "titles") open(target, true);
  target.scrollIntoView();
}

// A category in the contents leads to its section. Where there are no sections, it becomes a filter:
// what is looked for stays.
function onContents(event) {
  const link = event.target.closest("a");
  const section = sections.find((section) => section.link === link);
  if (!section || !order || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!link.hasAttribute("href")) return;
  const category = control("category");
  category.value = category.value === section.category ? "" : section.category;
  change(false);
}

// ---- Views ----

const VIEW = "proceedings.view";
const usual = main.dataset.view;

function layOut(view) {
  const known = [...control("view")].map(({ value }) => value);
  main.dataset.view = known.includes(view) ? view : usual;
  control("view").value = main.dataset.view;
  for (const card of main.querySelectorAll(".card.opened")) open(card, false);
  for (const { card } of talks) {
    const link = title({ card });
    if (main.dataset.view === "titles") link.setAttribute("aria-expanded", "false");
    else link.removeAttribute("aria-expanded");
  }
  for (const card of near) clamp(card);
}

// In the list of titles, a title opens its talk below.
function open(card, isOpen) {
  card.classList.toggle("opened", isOpen);
  title({ card }).setAttribute("aria-expanded", isOpen);
  if (!isOpen && playing?.card === card) stop();
}

function onTitle(event) {
  const link = event.target.closest("h3 a");
  if (!link || main.dataset.view !== "titles" || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const card = link.closest(".card");
  open(card, !card.classList.contains("opened"));
}

// On a narrow page a summary is cut after some lines, and says so.
const isNarrow = matchMedia("(max-width: 39.99rem)");

function clamp(card) {
  const text = card.querySelector(".text");
  const isCut = text && isNarrow.matches && main.dataset.view === "summaries" && text.scrollHeight > text.clientHeight + 2;
  if (!isCut || card.querySelector(".more")) return;
  const more = button(message("more"), () => {
    card.dataset.whole = "";
    more.remove();
  }, "more");
  more.lang = lang;
  text.after(more);
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
  else if (event.key === "Escape" && panel.matches(":popover-open")) isOurs = false;
  else if (event.key === "Escape" && inSearch && search.value) { search.value = ""; change(false); }
  else if (event.key === "Escape" && ALL.some((name) => control(name).value)) showAll();
  else if (event.key === "ArrowDown" && inSearch && shown.length) title(shown[0]).focus();
  else isOurs = event.key.startsWith("Arrow") && !inField && !event.shiftKey && step(event.key);
  if (isOurs) event.preventDefault();
}

// ---- Players ----

let playing = null;

function play(card) {
  stop();
  const picture = card.querySelector(".picture");
  const { video, part } = card.dataset;
  const frame = player(card.querySelector("h3").textContent, video, part);
  picture.hidden = true;
  picture.after(frame);
  card.classList.add("playing");
  frame.focus();
  playing = { card, talk: talks.find((talk) => talk.card === card), frame, picture };
}

function stop() {
  if (!playing) return;
  playing.frame.remove();
  playing.picture.hidden = false;
  playing.card.classList.remove("playing");
  playing = null;
}

function onPicture(event) {
  if (event.button !== 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const picture = event.currentTarget;
  ask(picture.href, () => play(picture.closest(".card")));
}

// YouTube plays nothing in a page that has no address, such as a file: there, pictures stay links.
function offerPlayers() {
  if (location.protocol === "file:") return;
  for (const { card, title } of talks) {
    if (!card.dataset.video) continue;
    const picture = card.querySelector(".picture");
    picture.removeAttribute("aria-hidden");
    picture.removeAttribute("tabindex");
    picture.setAttribute("aria-label", message("play-here-title", { title }));
    picture.addEventListener("click", onPicture);
  }
}

// ---- Links and pictures ----

// On a phone, a link is passed on to another program; elsewhere it is copied.
const isTouched = matchMedia("(pointer: coarse)");

async function copyAddress(address, label, usual) {
  try {
    if (isTouched.matches && navigator.share) return await navigator.share({ title: document.title, url: address });
    await navigator.clipboard.writeText(address);
  } catch {
    return; // It stands in the address all the same.
  }
  label.textContent = message("link-copied");
  setTimeout(() => { label.textContent = usual; }, 2000);
}

function copyLink(event) {
  const link = event.target.closest(".anchor");
  if (!link) return;
  const address = new URL(link.hash, location.origin === "null" ? location.href : location.origin + location.pathname);
  copyAddress(address.href, link.firstElementChild, message("link"));
}

// YouTube answers with a grey picture of 120 pixels where it has none, and nobody answers to those
// who are offline. No empty box is left.
function dropMissing(image) {
  if (!image.complete || image.naturalWidth > 120) return;
  image.remove();
  if (!main.querySelector(".picture img")) main.classList.add("without-pictures");
}

// ---- Setting up ----

// What there is to choose from; one thing alone is no choice.
function fill(name, values, compare) {
  const names = [...new Set(values.filter(Boolean))];
  if (compare) names.sort(compare);
  const field = control(name);
  (field.list ?? field).append(...names.map((value) => new Option(value, value)));
  field.closest(".field").hidden = names.length < 2;
}

fill("category", [...talks.map((talk) => talk.category), ...talks.flatMap((talk) => talk.also)]);
fill("speaker", talks.flatMap((talk) => talk.speakers), collator.compare);
fill("language", talks.map((talk) => talk.language), collator.compare);
fill("length", LENGTHS.flatMap(([name]) => talks.map((talk) => talk.length).filter((length) => length === name)));
for (const order of control("sort").options) {
  const known = { newest: "date", oldest: "date", shortest: "seconds", longest: "seconds" }[order.value];
  if (known) order.hidden = order.disabled = !talks.some((talk) => talk[known]);
}

main.firstElementChild.replaceWith(form, outcome);
main.append(sorted);
document.body.append(dialog);
document.querySelector("footer").append(withdraw);
prepareToAsk();

// Order and view stand in the bar where it has room for them, and else with the filters.
const hasRoom = matchMedia("(min-width: 56rem)");

function settle() {
  const parts = form.querySelectorAll(".order, .views");
  if (hasRoom.matches) panel.before(...parts);
  else panel.prepend(...parts);
}

// The panel opens below its button; on a narrow page it is a sheet at the bottom.
function place() {
  if (!panel.matches(":popover-open")) return;
  const { right, bottom } = form.querySelector(".open").getBoundingClientRect();
  const isSheet = !hasRoom.matches;
  panel.style.top = isSheet ? "" : `${bottom + 6}px`;
  panel.style.left = isSheet ? "" : `${Math.max(8, right - panel.offsetWidth)}px`;
}

let frame;
form.addEventListener("input", ({ target }) => {
  if (target.name === "view") {
    layOut(target.value);
    keep(VIEW, target.value);
    remember(false);
    return toFirst();
  }
  // A keystroke answers in the frame in which it is drawn, however fast the next one comes.
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => change(target === search || target.name === "speaker"));
});
form.addEventListener("submit", (event) => { event.preventDefault(); document.activeElement.blur(); });
panel.addEventListener("toggle", place);
hasRoom.addEventListener("change", () => { settle(); place(); });
search.addEventListener("focus", read, { once: true });
search.addEventListener("blur", () => { isTyping = false; });
document.addEventListener("keydown", onKey);
document.querySelector(".contents").addEventListener("click", onContents);
main.addEventListener("click", copyLink);
Later.onChange(showKept);
main.addEventListener("click", onTitle);
for (const event of ["load", "error"]) {
  main.addEventListener(event, ({ target }) => { if (target instanceof HTMLImageElement) dropMissing(target); }, true);
}
addEventListener("popstate", () => { isTyping = false; fromAddress(); show(current()); });
addEventListener("hashchange", reveal);

settle();
offerPlayers();
fromAddress();
showKept();
for (const { card } of talks) watch.observe(card);
for (const { element } of sections) sight.observe(element);
if (location.hash) reveal();
