// The review page: which talk is shown, what is done to it, and by which keys.
//
// The server is the only one that knows how things stand. Every change is sent to it, and what it
// answers is drawn. Here are only the place one reads at, the filter and words that are not saved.

import * as ask from "./ask.js";
import * as draw from "./draw.js";
import { el, key } from "./draw.js";

const $ = (id) => document.getElementById(id);

/** The conference as the server last told it. */
let conference = null;
/** The talk that is shown, by its id. */
let current = null;
/** Whether title and speakers (`about`) or the summary are being edited. */
let editing = null;
/** Words that are not saved yet, by talk. */
const drafts = new Map();
/** The transcript that is shown. */
let words = null;
let reading = new AbortController();

// What is shown

const talkOf = (id) => conference.talks.find((talk) => talk.id === id);
const isToReview = (talk) => talk.state === "unreviewed" || talk.state === "lapsed";

/** The talks that the filter leaves, in the order of the catalog. */
function listed() {
  const wanted = $("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const which = {
    all: () => true,
    "to-review": isToReview,
    findings: (talk) => talk.findings.length > 0,
    approved: (talk) => talk.state === "approved",
    edited: (talk) => talk.edited.length > 0,
    hidden: (talk) => talk.state === "hidden",
  }[$("which").value];
  return conference.talks.filter((talk) => {
    const text = [talk.title, ...talk.speakers, talk.summary?.text, talk.category, talk.id].join(" ").toLowerCase();
    return which(talk) && wanted.every((word) => text.includes(word));
  });
}

function drawList() {
  const talks = listed();
  const visible = conference.talks.filter((talk) => talk.state !== "hidden");
  const approved = visible.filter((talk) => talk.state === "approved").length;
  $("conference").textContent = conference.title;
  document.title = `${visible.length - approved} to review · ${conference.title}`;
  $("count").textContent = `${approved} of ${visible.length} approved`;
  $("bar").max = Math.max(visible.length, 1);
  $("bar").value = approved;
  $("read-only").hidden = conference.is_editable;
  $("undo").hidden = !conference.is_editable;
  $("undo").disabled = !conference.undo;
  $("undo").title = conference.undo ? `Undo: ${conference.undo.what}` : "";
  const isAll = talks.length === conference.talks.length;
  $("shown").textContent = isAll ? "" : `${draw.counted(talks.length, "talk")} shown`;
  $("talks").replaceChildren(...talks.map((talk) => draw.row(talk, talk.id === current)));
  $("talks").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });

  const found = conference.findings;
  $("overall").hidden = found.length === 0;
  $("overall").querySelector("summary").textContent = `${draw.counted(found.length, "finding")} about the categories`;
  $("overall").querySelector("ul").replaceChildren(...found.map((finding) => draw.finding(finding)));
}

function drawTalk() {
  const talk = talkOf(current);
  if (!talk) {
    $("talk").replaceChildren(el("p", { className: "quiet" }, "No talk is shown."));
    $("words").replaceChildren();
    $("actions").replaceChildren();
    return;
  }
  $("talk").replaceChildren(
    editing === "about" ? aboutForm(talk) : draw.heading(talk),
    el("section", { ariaLabel: "Summary" }, editing === "summary" ? summaryForm(talk) : draw.summary(talk)),
    el("p", { className: "category" },
      el("span", { className: "label" }, "Category "),
      talk.category ?? "Uncategorized",
      talk.category_note && el("span", { className: "quiet" }, ` · ${talk.category_note}`)),
    ...findings(talk),
    ...description(),
  );
  drawActions(talk);
}

function findings(talk) {
  const found = [...talk.findings, ...(words?.findings ?? [])];
  if (found.length === 0) return [];
  const items = found.map((finding) => {
    const isName = finding.kind === "name" && conference.is_editable;
    const fix = isName && button("Fix everywhere", () => openName(finding.text, finding.suggestion));
    return draw.finding(finding, fix, placesOf(finding));
  });
  return [el("section", { className: "findings", ariaLabel: "Findings" },
    el("h3", {}, draw.counted(found.length, "finding")), el("ul", {}, ...items))];
}

/** Buttons that lead to where a doubtful name is said. */
function placesOf(finding) {
  const said = (words?.paragraphs ?? []).map((paragraph, nth) => ({ ...paragraph, nth }))
    .filter(({ text }) => draw.has(text, draw.suspects([finding])));
  return said.slice(0, 6).map(({ time, nth }) => button(time ?? `paragraph ${nth + 1}`, () => {
    const place = $("words").children[nth];
    place.scrollIntoView({ block: "center" });
    place.focus({ preventScroll: true });
  }));
}

function description() {
  if (!words?.description) return [];
  return [el("details", {}, el("summary", {}, "Description"), el("p", { className: "description" }, words.description))];
}

function drawWords() {
  const talk = talkOf(current);
  if (!words || !talk) {
    $("words").replaceChildren();
    return;
  }
  const needles = draw.suspects(talk.findings);
  const paragraphs = words.paragraphs.map((paragraph) => draw.paragraph(paragraph, talk.video, needles));
  const lack = words.lack && el("p", { className: "quiet" }, words.lack);
  $("words").replaceChildren(...paragraphs, ...(lack ? [lack] : []));
}

function drawActions(talk) {
  const actions = !conference.is_editable || editing ? [] : [
    button("Approve, next", approve, "a", "main"),
    button("Edit summary", () => startEditing("summary"), "e"),
    button("Category", openCategory, "c"),
    button("Fix name", () => openName(), "g"),
    button("Title, speakers", () => startEditing("about"), "t"),
    talk.state === "hidden" ? button("Show", toggleHidden, "h") : button("Hide", toggleHidden, "h"),
    talk.state === "approved" && button("Withdraw", () => change({ do: "withdraw" }, "Approval withdrawn"), "w"),
  ].filter(Boolean);
  $("actions").replaceChildren(...actions);
}

function button(text, act, keyName, className = "") {
  const element = el("button", { type: "button", className }, text, keyName && " ", keyName && key(keyName));
  element.addEventListener("click", () => inTurn(act));
  return element;
}

// Getting about

/** Shows a talk, and reads its transcript. */
function show(id) {
  if (id === current) return;
  current = id;
  editing = drafts.has(id) ? "summary" : null;
  words = null;
  history.replaceState(null, "", `#${encodeURIComponent(id)}`);
  drawList();
  drawTalk();
  drawWords();
  $("talk").scrollTop = 0;
  $("transcript").scrollTop = 0;
  $("title")?.focus({ preventScroll: true });
  readWords(id);
}

async function readWords(id) {
  reading.abort();
  reading = new AbortController();
  try {
    words = await ask.transcript(id, reading.signal);
  } catch (error) {
    if (error.name !== "AbortError") complain(error);
    return;
  }
  drawWords();
  if (!editing) keepingFocus(drawTalk);
}

/** Draws; where that takes the element away that has the focus, the title gets it. */
function keepingFocus(drawn) {
  const hadFocus = document.activeElement !== document.body;
  drawn();
  if (hadFocus && document.activeElement === document.body) $("title")?.focus({ preventScroll: true });
}

/** The listed talks before and behind the one that is shown, which itself need not be listed. */
function around() {
  const order = new Map(conference.talks.map((talk, place) => [talk.id, place]));
  const here = order.get(current) ?? -1;
  const talks = listed();
  return {
    before: talks.filter((talk) => order.get(talk.id) < here),
    behind: talks.filter((talk) => order.get(talk.id) > here),
  };
}

function showNext() {
  const next = around().behind[0];
  if (next) show(next.id);
  else say("This is the last talk");
}

function showPrevious() {
  const previous = around().before.at(-1);
  if (previous) show(previous.id);
  else say("This is the first talk");
}

/** Goes to the next talk that is to be reviewed, round the end if need be. */
function nextToReview() {
  const { before, behind } = around();
  const next = [...behind, ...before].find(isToReview);
  if (next) show(next.id);
  else say("No other talk is left to review");
}

// Changes

let turn = Promise.resolve();

/** Does one thing after the other, so that quick fingers never overtake an answer. */
function inTurn(act) {
  turn = turn.then(act).catch(complain);
  return turn;
}

/** Sends a change and draws what comes of it; says whether it was made. */
async function carriedOut(request, done) {
  try {
    take(await request);
  } catch (error) {
    complain(error);
    if (error.status === 409) await refresh();
    return false;
  }
  say(done);
  return true;
}

function change(edit, done) {
  return carriedOut(ask.edit(conference.revision, current, edit), done);
}

function take(answer) {
  conference = answer;
  $("alert").hidden = true;
  if (!talkOf(current)) current = null;
  keepingFocus(() => {
    drawList();
    if (editing) return;
    drawTalk();
    drawWords();
  });
}

async function approve() {
  const { state, title } = talkOf(current);
  const isMade = state === "approved" || await change({ do: "approve" }, `Approved: ${title}`);
  if (isMade) nextToReview();
}

function toggleHidden() {
  const isHidden = talkOf(current).state === "hidden";
  return change({ do: isHidden ? "show" : "hide" }, isHidden ? "Shown again" : "Hidden: it stays off the page");
}

async function undo() {
  const undone = conference.undo;
  if (!undone) return say("There is nothing to undo");
  const isUndone = await carriedOut(ask.undo(conference.revision), `Undone: ${undone.what}`);
  if (isUndone && undone.talk) show(undone.talk);
}

// Editing

function startEditing(what) {
  editing = what;
  drawTalk();
  const field = $("talk").querySelector("textarea, input");
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function stopEditing() {
  drafts.delete(current);
  editing = null;
  drawTalk();
  drawWords();
  $("title").focus({ preventScroll: true });
}

function summaryForm(talk) {
  const text = drafts.get(talk.id) ?? talk.summary?.text ?? "";
  const field = el("textarea", { id: "summary-text", value: text, rows: 6, spellcheck: true });
  field.setAttribute("aria-describedby", "measure");
  const measure = el("div", { id: "measure", role: "status" });
  const save = async () => {
    if (await change({ do: "summary", text: field.value }, "Summary saved")) stopEditing();
  };
  const form = el("form", {},
    el("label", { htmlFor: "summary-text", className: "label" }, "Summary"), field, measure,
    el("p", { className: "buttons" },
      el("button", { type: "submit", className: "main" }, "Save ", key("Ctrl Enter")),
      button("Cancel", stopEditing, "Esc"),
      talk.summary?.is_own && button("Take mine away", () => { field.value = ""; return save(); })));
  form.addEventListener("submit", (event) => { event.preventDefault(); inTurn(save); });
  field.addEventListener("input", () => {
    drafts.set(talk.id, field.value);
    measured(talk, field.value, measure);
  });
  submitWithKeys(form);
  measured(talk, text, measure);
  return form;
}

let measuring = new AbortController();

/** Has the server hold words to the rules of summaries, and says what it finds. */
async function measured(talk, text, place) {
  measuring.abort();
  measuring = new AbortController();
  if (text.trim() === "") {
    place.replaceChildren(el("p", { className: "quiet" }, "Saved empty, what was generated counts again."));
    return;
  }
  try {
    const { words, findings } = await ask.measure(talk.id, text, measuring.signal);
    const counts = `${draw.counted(words.length, "sentence")}, ${words.join(" + ")} words`;
    const isGood = findings.length === 0;
    place.replaceChildren(
      el("p", { className: isGood ? "good" : "faulty" }, `${isGood ? "✓" : "!"} ${counts}`),
      el("ul", {}, ...findings.map((finding) => el("li", {}, finding.message))));
  } catch (error) {
    if (error.name !== "AbortError") complain(error);
  }
}

function aboutForm(talk) {
  const title = el("input", { id: "about-title", value: talk.title });
  const speakers = el("textarea", { id: "about-speakers", rows: 3, value: talk.speakers.join("\n") });
  const form = el("form", {},
    el("h2", { id: "title", className: "unseen", tabIndex: -1 }, talk.title),
    el("label", { htmlFor: "about-title", className: "label" }, "Title"), title,
    el("label", { htmlFor: "about-speakers", className: "label" }, "Speakers, one a line"), speakers,
    el("p", { className: "buttons" },
      el("button", { type: "submit", className: "main" }, "Save ", key("Ctrl Enter")), button("Cancel", stopEditing, "Esc")));
  const save = async () => {
    const about = { do: "about", title: title.value, speakers: speakers.value.split("\n") };
    if (await change(about, "Title and speakers saved")) stopEditing();
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); inTurn(save); });
  submitWithKeys(form);
  return form;
}

function submitWithKeys(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") stopEditing();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    else return;
    event.preventDefault();
  });
}

// Categories

function openCategory() {
  if (conference.categories.length === 0) return say("The catalog lists no categories");
  $("category-input").value = "";
  drawOptions(conference.categories.indexOf(talkOf(current).category));
  $("category-dialog").showModal();
}

/** The categories whose names have all that is typed, and giving the choice back. */
function options() {
  const typed = $("category-input").value.toLowerCase().split(/\s+/).filter(Boolean);
  const names = conference.categories.filter((name) => typed.every((part) => name.toLowerCase().includes(part)));
  const isOwn = talkOf(current).edited.includes("category");
  return isOwn && typed.length === 0 ? [...names, null] : names;
}

function drawOptions(selected) {
  const place = Math.max(0, Math.min(selected, options().length - 1));
  $("category-options").replaceChildren(...options().map((name, nth) => {
    const option = el("li", { id: `option-${nth}`, role: "option" }, name ?? "Let it be filed again");
    option.setAttribute("aria-selected", String(nth === place));
    option.addEventListener("click", () => chooseCategory(name));
    return option;
  }));
  $("category-input").setAttribute("aria-activedescendant", options().length > 0 ? `option-${place}` : "");
  $("category-options").children[place]?.scrollIntoView({ block: "nearest" });
}

function chooseCategory(name) {
  $("category-dialog").close();
  inTurn(() => change({ do: "category", name }, name ? `Category: ${name}` : "Category given back"));
}

$("category-input").addEventListener("input", () => drawOptions(0));
$("category-input").addEventListener("keydown", (event) => {
  const shown = [...$("category-options").children];
  const place = shown.findIndex((option) => option.ariaSelected === "true");
  if (event.key === "ArrowDown") drawOptions((place + 1) % shown.length);
  else if (event.key === "ArrowUp") drawOptions((place - 1 + shown.length) % shown.length);
  else if (event.key === "Enter") { if (shown.length > 0) chooseCategory(options()[place]); }
  else return;
  event.preventDefault();
});

// Names

function openName(heard, name) {
  const doubt = talkOf(current).findings.find((finding) => finding.kind === "name");
  const selected = String(getSelection()).trim();
  $("name-heard").value = heard ?? (selected || doubt?.text || "");
  $("name-name").value = name ?? ((selected && selected !== doubt?.text) ? "" : doubt?.suggestion ?? "");
  $("name-dialog").showModal();
  ($("name-heard").value ? $("name-name") : $("name-heard")).focus();
  previewName();
}

let previewing = new AbortController();

/** Shows in how many summaries a name changes, before it does. */
async function previewName() {
  previewing.abort();
  previewing = new AbortController();
  const [heard, name] = [$("name-heard").value.trim(), $("name-name").value.trim()];
  const isReady = heard !== "" && name !== "" && heard !== name;
  $("name-save").disabled = !isReady;
  $("name-count").textContent = "";
  $("name-changes").replaceChildren();
  if (!isReady) return;
  try {
    const { summaries } = await ask.previewName(heard, name, previewing.signal);
    $("name-count").textContent = summaries.length === 0
      ? "No summary says this now; it will be put right where one does."
      : `Changes ${summaries.length === 1 ? "1 summary" : `${summaries.length} summaries`}`;
    $("name-changes").replaceChildren(...summaries.map(({ title, after }) =>
      el("li", {}, el("strong", {}, title), el("p", {}, ...draw.marked(after, [name])))));
  } catch (error) {
    if (error.name !== "AbortError") complain(error);
  }
}

$("name-heard").addEventListener("input", previewName);
$("name-name").addEventListener("input", previewName);
$("name-dialog").querySelector("form").addEventListener("submit", () => {
  const [heard, name] = [$("name-heard").value, $("name-name").value];
  inTurn(() => carriedOut(ask.fixName(conference.revision, heard, name), `${name} stands for ${heard} everywhere`));
});

// Messages

let saying;

function say(text) {
  $("said").textContent = text;
  clearTimeout(saying);
  saying = setTimeout(() => { $("said").textContent = ""; }, 6000);
}

function complain(error) {
  $("alert").textContent = error.message;
  $("alert").hidden = false;
}

// Keys

const KEYS = [
  ["j ↓", "next talk", showNext],
  ["k ↑", "previous talk", showPrevious],
  ["n", "next talk to review", nextToReview],
  ["a", "approve, and go to the next", approve],
  ["e", "edit the summary", () => startEditing("summary")],
  ["c", "choose the category", openCategory],
  ["g", "fix a name everywhere; takes the words that are selected", () => openName()],
  ["t", "edit title and speakers", () => startEditing("about")],
  ["h", "hide the talk, or show it again", toggleHidden],
  ["w", "withdraw the approval", () => change({ do: "withdraw" }, "Approval withdrawn")],
  ["u", "undo, step by step", undo],
  ["o", "open the video", () => window.open(talkOf(current).url, "_blank", "noopener,noreferrer")],
  ["p", "open the page as it is now", () => $("preview").click()],
  ["/", "filter the talks", () => $("filter").select()],
  ["?", "these keys", () => $("help-dialog").showModal()],
];
const MOVING = ["j", "k", "↓", "↑"];
const NAMES = { ArrowDown: "↓", ArrowUp: "↑" };
/** What needs no talk, and what changes nothing. */
const ALWAYS = [...MOVING, "n", "u", "p", "/", "?"];
const READING = [...ALWAYS, "o"];

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, dialog");
  const isScrolling = event.target.closest("#transcript") && event.key.startsWith("Arrow");
  if (isTyping || isScrolling || event.ctrlKey || event.metaKey || event.altKey || !conference) return;
  const pressed = NAMES[event.key] ?? event.key;
  if (pressed === " " && !event.target.closest("button, a, summary")) {
    $("transcript").scrollBy({ top: $("transcript").clientHeight * (event.shiftKey ? -0.85 : 0.85) });
    event.preventDefault();
    return;
  }
  const found = KEYS.find(([names]) => names.split(" ").includes(pressed));
  if (!found) return;
  event.preventDefault();
  // A key that is held goes on, and changes nothing more.
  if (event.repeat && !MOVING.includes(pressed)) return;
  const isAllowed = current ? conference.is_editable || READING.includes(pressed) : ALWAYS.includes(pressed);
  if (isAllowed) inTurn(found[2]);
  else say(current ? "This review is read-only" : "No talk is shown");
});

$("keys").replaceChildren(...KEYS.flatMap(([names, meaning]) => [
  el("dt", {}, ...names.split(" ").flatMap((name) => [key(name), " "])), el("dd", {}, meaning)]),
  el("dt", {}, key("Space")), el("dd", {}, "scroll the transcript"));

// The rest of the page

$("undo").addEventListener("click", () => inTurn(undo));
$("help").addEventListener("click", () => $("help-dialog").showModal());
$("filter").addEventListener("input", drawList);
$("filter").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && listed().length > 0) show(listed()[0].id);
  else if (event.key === "Escape") { event.target.value = ""; drawList(); $("title")?.focus(); }
});
$("which").addEventListener("change", drawList);
for (const leave of document.querySelectorAll("dialog .leave")) {
  leave.addEventListener("click", () => leave.closest("dialog").close());
}
addEventListener("hashchange", showNamed);
addEventListener("focus", () => inTurn(refresh));
addEventListener("beforeunload", (event) => { if (drafts.size > 0) event.preventDefault(); });

/** The talk that the address names. */
function showNamed() {
  const named = decodeURIComponent(location.hash.slice(1));
  if (talkOf(named)) show(named);
}

/** Reads everything anew: an editor or a build may have changed it. */
async function refresh() {
  if (!conference) return;
  try {
    const { revision } = conference;
    const answer = await ask.conference();
    const isNews = JSON.stringify(answer) !== JSON.stringify(conference);
    if (isNews || !$("alert").hidden) take(answer);
    if (conference.revision !== revision) say("The catalog was changed elsewhere; this is how it is now");
  } catch (error) {
    complain(error);
  }
}

try {
  conference = await ask.conference();
  drawList();
  drawTalk();
  showNamed();
  if (!current) {
    const first = conference.talks.find(isToReview) ?? conference.talks[0];
    if (first) show(first.id);
  }
} catch (error) {
  complain(error);
}
