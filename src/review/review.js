// The review page: which talk is shown, what is done to it, and by which keys.
//
// The server is the only one that knows how things stand. Every change is sent to it, and what it
// answers is drawn. Here are only the place one reads at, the filter and words that are not saved.

import * as ask from "./ask.js";
import * as draw from "./draw.js";
import { chooseCategory } from "./category.js";
import { askForApproval } from "./clean.js";
import { askForCut } from "./cut.js";
import { button, el } from "./draw.js";
import { aboutForm, summaryForm } from "./forms.js";
import { described, listen } from "./keys.js";
import { askForName } from "./name.js";
import * as player from "./player.js";
import { askForRewrite } from "./rewrite.js";
import { search } from "./search.js";
import { askForSplits } from "./split.js";

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
/** The sentence of the summary whose place in it is marked, by its number from 0. */
let asked = null;
let reading = new AbortController();

// What is shown

const talkOf = (id) => conference.talks.find((talk) => talk.id === id);
const isToReview = (talk) => talk.state === "unreviewed" || talk.state === "lapsed";

/** The talks that the filter leaves, in the order that was chosen. */
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
  return ordered().filter((talk) => {
    const text = [talk.title, ...talk.speakers, talk.summary?.text, talk.category, talk.id].join(" ").toLowerCase();
    return which(talk) && wanted.every((word) => text.includes(word));
  });
}

/** All talks, in the order of the catalog or those with the most findings first. */
function ordered() {
  if ($("order").value === "catalog") return conference.talks;
  return conference.talks.toSorted((a, b) => b.findings.length - a.findings.length);
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
  $("approve-clean").hidden = !conference.is_editable;
  $("approve-clean").disabled = !visible.some((talk) => isToReview(talk) && talk.findings.length === 0);
  $("split").hidden = !conference.is_editable || !conference.has_splits;
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
    editing === "about" ? aboutForm(talk, { save: saveAbout, leave: stopEditing }) : draw.heading(talk),
    el("section", { ariaLabel: "Summary" }, editing === "summary" ? editedSummary(talk) : draw.summary(talk)),
    el("p", { className: "category" },
      el("span", { className: "label" }, "Category "),
      talk.category ?? "Uncategorized",
      talk.category_note && el("span", { className: "quiet" }, ` · ${talk.category_note}`)),
    ...findings(talk),
    ...description(),
  );
  drawActions(talk);
  markPlace();
}

function findings(talk) {
  const found = draw.together(talk.findings, words?.findings ?? []);
  if (found.length === 0) return [];
  const items = found.map((finding) => {
    const fix = conference.is_editable && fixOf(talk, finding);
    return draw.finding(finding, fix, placesOf(finding));
  });
  return [el("section", { className: "findings", ariaLabel: "Findings" },
    el("h3", {}, draw.counted(found.length, "finding")), el("ul", {}, ...items))];
}

/** The button that puts right what a finding is about, where something does. */
function fixOf(talk, finding) {
  if (draw.isAboutName(finding)) return button("Fix everywhere", () => inTurn(() => fixName(finding)));
  const cut = finding.kind === "form" && talk.cuts.find(({ opening }) => opening === finding.text);
  if (cut) return button("Cut the opening", () => inTurn(() => cutOpening(talk, cut.text)));
  if (!["truncated-title", "mojibake"].includes(finding.kind) || !finding.suggestion) return null;
  if (finding.text === talk.title) {
    return button(`Use “${finding.suggestion}”`, () => saveAbout(finding.suggestion, talk.speakers));
  }
  if (finding.text !== talk.summary?.text) return null;
  return button("Use the mended words", () => saveSummary(finding.suggestion, "wanted"));
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
  const needles = draw.suspects([...talk.findings, ...words.findings]);
  const paragraphs = words.paragraphs.map((paragraph) => draw.paragraph(paragraph, needles));
  const lack = words.lack && el("p", { className: "quiet" }, words.lack);
  $("words").replaceChildren(...paragraphs, ...(lack ? [lack] : []));
  search();
  markPlace();
}

// Where a sentence is said

/** Marks the sentence that was asked for, and where it is said; gives the first paragraph of that. */
function markPlace() {
  const sentence = talkOf(current)?.summary?.sentences[asked];
  for (const drawn of $("talk").querySelectorAll(".sentence")) {
    drawn.classList.toggle("asked", Number(drawn.dataset.sentence) === asked);
  }
  const paragraphs = words?.paragraphs ?? [];
  return draw.markSaid(paragraphs, [...$("words").children], sentence?.place?.said);
}

/** The same, in sight beside the summary. */
function showPlace() {
  const place = markPlace();
  if (!place) return;
  // The transcript alone is moved: who points at a sentence wants to go on reading it.
  const box = $("transcript");
  box.scrollTop += place.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 4;
}

function askForPlace(nth) {
  if (asked === nth) return;
  asked = nth;
  showPlace();
  if (!talkOf(current).summary.sentences[nth].place) say(draw.UNPLACED);
}

/** Goes to a sentence of the summary, by its number from 1. */
function toSentence(number) {
  const drawn = $("talk").querySelector(`[data-sentence="${number - 1}"]`);
  if (drawn) drawn.focus();
  else say(words?.lack ? "There is no transcript to look in" : "No place was looked for");
}

/** Goes to where a sentence is said. */
function toPlace() {
  const place = markPlace();
  place?.scrollIntoView({ block: "nearest" });
  place?.focus({ preventScroll: true });
}

const sentenceAt = ({ target }) => target.closest?.("[data-sentence]");
for (const event of ["mouseover", "focusin"]) {
  $("talk").addEventListener(event, (happened) => {
    const drawn = sentenceAt(happened);
    if (drawn) askForPlace(Number(drawn.dataset.sentence));
  });
}
$("talk").addEventListener("click", (event) => { if (sentenceAt(event)) toPlace(); });
$("talk").addEventListener("keydown", (event) => {
  if (!sentenceAt(event) || !["Enter", " "].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  toPlace();
});

function drawActions(talk) {
  const action = (text, act, keyName, className) => button(text, () => inTurn(act), keyName, className);
  const actions = !conference.is_editable || editing ? [] : [
    action("Approve, next", approve, "a", "main"),
    action("Edit summary", () => startEditing("summary"), "e"),
    conference.models.length > 0 && action("Ask again", rewrite, "r"),
    action("Category", file, "c"),
    action("Fix name", () => fixName(), "g"),
    action("Title, speakers", () => startEditing("about"), "t"),
    action(talk.state === "hidden" ? "Show" : "Hide", toggleHidden, "h"),
    talk.state === "approved" && action("Withdraw", withdraw, "w"),
  ].filter(Boolean);
  $("actions").replaceChildren(...actions);
}

// Getting about

/** Shows a talk, and reads its transcript. */
function show(id) {
  if (id === current) return;
  current = id;
  $("alert").hidden = true;
  editing = drafts.has(id) ? "summary" : null;
  words = null;
  asked = null;
  player.stop();
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
  if (asked !== null) showPlace();
}

/** Draws; where that takes the element away that has the focus, the title gets it. */
function keepingFocus(drawn) {
  const hadFocus = document.activeElement !== document.body;
  drawn();
  if (hadFocus && document.activeElement === document.body) $("title")?.focus({ preventScroll: true });
}

/** The listed talks before and behind the one that is shown, which itself need not be listed. */
function around() {
  const order = new Map(ordered().map((talk, place) => [talk.id, place]));
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

/** Shows the first talk that the filter leaves, and leaves the filter. */
function showFirst() {
  const first = listed()[0];
  if (!first) return;
  show(first.id);
  $("title").focus({ preventScroll: true });
}

/** Goes to the next talk that is to be reviewed, round the end if need be. Where the filter leaves
 * none, it goes on to the others. */
function nextToReview() {
  const { before, behind } = around();
  const isOther = (talk) => isToReview(talk) && talk.id !== current;
  const next = [...behind, ...before].find(isToReview);
  const outside = next ? null : ordered().find(isOther);
  if (outside) {
    $("filter").value = "";
    $("which").value = "to-review";
    show(outside.id);
    say("The filter had no other talk to review, so all of them are listed");
  } else if (next) show(next.id);
  else say("No other talk is left to review");
}

// Changes

let turn = Promise.resolve();

/** Does one thing after the other, so that quick fingers never overtake an answer. */
function inTurn(act) {
  turn = turn.then(act).catch(complain);
  return turn;
}

/** Sends a change and draws what comes of it; gives what was against it. */
async function carriedOut(request, done) {
  try {
    take(await request);
  } catch (error) {
    if (error.status === 409) await refresh();
    complain(error);
    return error;
  }
  say(done);
  return null;
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
  const refusal = state === "approved" ? null : await change({ do: "approve" }, `Approved: ${title}`);
  if (!refusal) nextToReview();
}

async function approveClean() {
  const count = await askForApproval();
  if (count === undefined) return;
  const refusal = await carriedOut(ask.approveClean(conference.revision), `Approved: ${draw.counted(count, "talk")}`);
  if (!refusal && !isToReview(talkOf(current))) nextToReview();
}

/** Cuts an opening that says nothing off a summary. */
async function cutOpening(talk, text) {
  const agreed = await askForCut(talk, text);
  if (agreed !== undefined) await change({ do: "summary", text: agreed, form: "waived" }, "The opening is cut");
}

/** Splits the titles that name their speakers, as many as are chosen. */
async function splitTitles() {
  if (!conference.has_splits) return say("No title names its speakers");
  const chosen = await askForSplits();
  if (!chosen) return;
  await carriedOut(ask.splitTitles(conference.revision, chosen), `Split: ${draw.counted(chosen.length, "title")}`);
}

function toggleHidden() {
  const isHidden = talkOf(current).state === "hidden";
  return change({ do: isHidden ? "show" : "hide" }, isHidden ? "Shown again" : "Hidden: it stays off the page");
}

function withdraw() {
  return change({ do: "withdraw" }, "Approval withdrawn");
}

async function file() {
  const { category, edited } = talkOf(current);
  if (conference.categories.length === 0) return say("The catalog lists no categories");
  const name = await chooseCategory(conference.categories, category, edited.includes("category"));
  if (name !== undefined) await change({ do: "category", name }, name ? `Category: ${name}` : "Category given back");
}

/** Puts a name right: the one that a finding doubts, else the words that are selected. */
async function fixName(finding) {
  const selected = String(getSelection()).trim();
  const doubt = finding ?? talkOf(current).findings.find(({ kind, text }) => kind === "name" && (!selected || text === selected));
  const fix = await askForName(doubt?.text ?? selected, doubt?.suggestion ?? "");
  if (!fix) return;
  const done = `${fix.name} stands for ${fix.heard} everywhere`;
  await carriedOut(ask.fixName(conference.revision, fix.heard, fix.name), done);
}

/** Has a model write the summary again, with a hint. */
async function rewrite() {
  if (conference.models.length === 0) return say("To ask a model, start the review with --edit --ask");
  const text = await askForRewrite(talkOf(current), conference.models);
  if (text !== undefined) await change({ do: "summary", text, form: "waived" }, "The new summary is saved");
}

async function undo() {
  const undone = conference.undo;
  if (!undone) return say("There is nothing to undo");
  const refusal = await carriedOut(ask.undo(conference.revision), `Undone: ${undone.what}`);
  if (!refusal && undone.talk) show(undone.talk);
}

// Editing

function startEditing(what) {
  editing = what;
  drawTalk();
  const field = $("talk").querySelector("textarea, input");
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function editedSummary(talk) {
  const text = drafts.get(talk.id) ?? talk.summary?.text ?? "";
  return summaryForm(talk, text, {
    save: saveSummary, leave: stopEditing, keep: (text) => drafts.set(talk.id, text),
    saved: () => inTurn(approve),
  });
}

function saveSummary(text, form) {
  return saved({ do: "summary", text, form }, "Summary saved");
}

function saveAbout(title, speakers) {
  return saved({ do: "about", title, speakers }, "Title and speakers saved");
}

function saved(edit, done) {
  return inTurn(async () => {
    const refusal = await change(edit, done);
    if (!refusal) stopEditing();
    return refusal;
  });
}

function stopEditing() {
  $("alert").hidden = true;
  drafts.delete(current);
  editing = null;
  drawTalk();
  drawWords();
  $("title")?.focus({ preventScroll: true });
}

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

/** What is done to a talk, if there is one and it may be changed. */
function changing(act) {
  return () => {
    if (!current) return say("No talk is shown");
    return conference.is_editable ? act() : say("This review is read-only");
  };
}

/** Plays the sentence whose place is marked, else the talk from its start. */
function playPlace() {
  const talk = talkOf(current);
  if (!talk) return say("No talk is shown");
  if (!talk.video) return watch();
  const said = talk.summary?.sentences[asked]?.place?.said;
  player.play(talk.video, Math.floor((said?.start ?? 0) / 1000) || talk.start);
}

/** Plays a moment that is clicked on, unless it is wanted in a tab of its own. */
function playMoment(event) {
  const moment = event.target.closest("a[data-second]");
  const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  const { video } = talkOf(current) ?? {};
  if (!moment || isElsewhere || !video) return;
  event.preventDefault();
  player.play(video, moment.dataset.second);
}

function watch() {
  if (current) window.open(talkOf(current).url, "_blank", "noopener,noreferrer");
}

const KEYS = [
  { names: ["j", "↓"], meaning: "next talk", act: showNext, moves: true },
  { names: ["k", "↑"], meaning: "previous talk", act: showPrevious, moves: true },
  { names: ["n"], meaning: "next talk to review", act: nextToReview },
  { names: ["a"], meaning: "approve, and go to the next", act: changing(approve) },
  { names: ["e"], meaning: "edit the summary", act: changing(() => startEditing("summary")), opens: true },
  { names: ["r"], meaning: "ask again with a hint; says the cost first, and shows old and new", act: changing(rewrite), opens: true },
  { names: ["c"], meaning: "choose the category", act: changing(file), opens: true },
  { names: ["g"], meaning: "fix a name everywhere; takes the words that are selected", act: changing(() => fixName()), opens: true },
  { names: ["t"], meaning: "edit title and speakers", act: changing(() => startEditing("about")), opens: true },
  { names: ["h"], meaning: "hide the talk, or show it again", act: changing(toggleHidden) },
  { names: ["w"], meaning: "withdraw the approval", act: changing(withdraw) },
  { names: ["A"], meaning: "approve all talks without findings; lists them first", act: changing(approveClean), opens: true },
  { names: ["T"], meaning: "split titles that name their speakers; shows them first", act: changing(splitTitles), opens: true },
  { names: ["u"], meaning: "undo, step by step", act: undo },
  { names: ["1"], meaning: "where the first sentence is said; Enter goes there", act: () => toSentence(1) },
  { names: ["2"], meaning: "where the second sentence is said", act: () => toSentence(2) },
  { names: ["s"], meaning: "search the transcript; Enter goes from place to place", act: () => $("search").select(), opens: true },
  { names: ["Escape"], meaning: "close a message", act: () => { $("alert").hidden = true; } },
  { names: ["v"], meaning: "play the video here, at the sentence that was pointed at", act: playPlace },
  { names: ["o"], meaning: "open the video", act: watch },
  { names: ["p"], meaning: "open the page as it is now", act: () => $("preview").click() },
  { names: ["/"], meaning: "filter the talks", act: () => $("filter").select(), opens: true },
  { names: ["?"], meaning: "these keys", act: () => $("help-dialog").showModal() },
];

// The rest of the page

for (const part of ["talk", "words"]) $(part).addEventListener("click", playMoment);
$("undo").addEventListener("click", () => inTurn(undo));
$("help").addEventListener("click", () => $("help-dialog").showModal());
$("filter").addEventListener("input", drawList);
$("filter").addEventListener("keydown", (event) => {
  if (event.key === "Enter") inTurn(showFirst);
  else if (event.key === "Escape") { event.target.value = ""; drawList(); $("title")?.focus(); }
});
$("which").addEventListener("change", drawList);
$("order").addEventListener("change", drawList);
$("approve-clean").addEventListener("click", () => inTurn(approveClean));
$("split").addEventListener("click", () => inTurn(splitTitles));
for (const leave of document.querySelectorAll("dialog .leave")) {
  leave.addEventListener("click", () => leave.closest("dialog").close());
}

/** The talk that the address names. */
function showNamed() {
  const named = decodeURIComponent(location.hash.slice(1));
  if (talkOf(named)) show(named);
}

/** Reads everything anew: an editor or a build may have changed it. */
async function refresh() {
  try {
    const { revision } = conference;
    const answer = await ask.conference();
    const isNews = JSON.stringify(answer) !== JSON.stringify(conference);
    if (isNews || !$("alert").hidden) take(answer);
    if (conference.revision !== revision) say("Something was changed elsewhere; this is how it is now");
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
  const scroll = (way) => $("transcript").scrollBy({ top: way * 0.85 * $("transcript").clientHeight });
  listen(KEYS, inTurn, scroll);
  $("keys").replaceChildren(...described(KEYS));
  addEventListener("hashchange", () => inTurn(showNamed));
  addEventListener("focus", () => inTurn(refresh));
  addEventListener("beforeunload", (event) => { if (drafts.size > 0) event.preventDefault(); });
} catch (error) {
  complain(error);
}
