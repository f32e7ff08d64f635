// The dialog in which models are asked for another summary, with a hint. It says the cost before it
// asks, and shows old and new side by side before anything is changed.

import * as ask from "./ask.js";
import { openDialog } from "./dialog.js";
import { button, el, pieces, version } from "./draw.js";

const $ = (id) => document.getElementById(id);
const dialog = $("rewrite-dialog");
const hint = $("rewrite-hint");
const status = $("rewrite-status");
const versions = $("rewrite-versions");
const choices = $("rewrite-choices");

/** The talk that is asked about. */
let talk = null;
/** The names of the models that may be asked. */
let models = [];
/** What each of them has answered to the hint: `foreseen`, `written`, or `refused` with why. */
const answers = new Map();
/** What Enter does in the field of the hint. */
let next = foresee;
/** Takes the summary that is chosen. */
let chosen = () => {};
let asking = new AbortController();

/** Asks for another summary of a talk; gives the one that is taken, or nothing where the old one is kept. */
export function askForRewrite(about, names) {
  [talk, models] = [about, names];
  hint.value = "";
  begin();
  const answer = openDialog(dialog, (choose) => (chosen = choose));
  hint.focus();
  return answer.finally(() => asking.abort());
}

/** Nothing is asked yet. */
function begin() {
  answers.clear();
  tell();
  goBack();
}

/** Back to the hint. */
function goBack() {
  asking.abort();
  asking = new AbortController();
  versions.hidden = true;
  offer(["What does it cost?", foresee]);
  choices.firstChild.disabled = hint.value.trim() === "";
}

/** Offers what can be done next, each with its name; Enter does the first. */
function offer(...offered) {
  next = offered[0]?.[1];
  choices.replaceChildren(...offered.map(([name, act], nth) => nth === 0
    ? el("button", { type: "submit", className: "main" }, name) : button(name, act)));
}

const answered = (is) => (name) => answers.get(name)?.is === is;

/** What has come of each model, one a line; a summary that is shown needs none. */
function tell(first, shown = []) {
  const lines = models.filter((name) => answers.has(name) && !shown.includes(name)).map((name) => {
    const { is, cost, message } = answers.get(name);
    const said = { foreseen: cost, refused: message, written: "The reply is kept and costs nothing." }[is];
    return el("span", {}, ...(models.length === 1 ? [said] : [el("b", {}, name), ": ", said]));
  });
  status.replaceChildren(...(first ? [el("span", {}, first)] : []), ...lines);
}

async function foresee() {
  if (!await askEach(models, "wanted", () => "…")) return;
  const [open, kept] = [models.filter(answered("foreseen")), models.filter(answered("written"))];
  if (open.length === 0) return show(kept);
  tell();
  const every = open.length === 1 ? `Ask ${open[0]}` : "Ask both";
  const single = open.length === 1 ? kept.map((name) => [`Show ${name}`, () => show([name])])
    : open.map((name) => [`Ask ${name}`, () => write([name])]);
  offer([every, () => write(models)], ...single);
  choices.firstChild.focus();
}

async function write(names) {
  const meanwhile = (name) => `${models.length === 1 ? "The model" : name} is asked. If you leave now, its reply is kept.`;
  if (await askEach(names.filter(answered("foreseen")), "given", meanwhile)) show(names.filter(answered("written")));
}

/** Asks one model after the other; whether somebody still waits for the answers. */
async function askEach(names, consent, meanwhile) {
  const { signal } = asking;
  for (const choice of choices.children) choice.disabled = true;
  for (const name of names) {
    status.replaceChildren(meanwhile(name));
    try {
      answers.set(name, await ask.rewrite(talk.id, hint.value, name, consent, signal));
    } catch (error) {
      if (signal.aborted) return false;
      answers.set(name, { is: "refused", message: reason(error) });
    }
  }
  return !signal.aborted;
}

function reason(error) {
  return error.status === 0
    ? "No answer has come. A reply that comes later is kept: ask again with the same hint, and you do not pay twice."
    : error.message;
}

/** Shows the old summary beside the new ones. Where there is none, it says why. */
async function show(names) {
  if (names.length === 0) {
    goBack();
    tell();
    hint.focus();
    return;
  }
  const { signal } = asking;
  const texts = names.map((name) => answers.get(name).text);
  try {
    const { shown, others } = await ask.compare(talk.id, texts, signal);
    versions.replaceChildren(
      version("Old", pieces(shown, "del"), []),
      ...others.map(({ pieces: drawn, findings }, nth) => {
        const take = texts[nth] !== talk.summary?.text && button("Take this one", () => taken(texts[nth]), null, "main");
        return version(models.length === 1 ? "New" : names[nth], pieces(drawn, "ins"), findings, take);
      }));
  } catch (error) {
    if (!signal.aborted) status.textContent = error.message;
    return;
  }
  versions.hidden = false;
  const same = names.filter((_, nth) => texts[nth] === talk.summary?.text);
  const first = same.length < names.length ? "Nothing is changed until you take one." : "";
  const again = same.map((name) => `${models.length === 1 ? "The model" : name} has written the same again.`);
  tell([first, ...again].filter(Boolean).join(" "), names);
  const others = names.length === models.length ? [] : models.filter(answered("foreseen"));
  offer(...others.map((name) => [`Ask ${name}, too`, () => write(models)]));
  (versions.querySelector("button") ?? dialog.querySelector(".leave")).focus();
}

function taken(text) {
  chosen(text);
  dialog.close();
}

hint.addEventListener("input", begin);
dialog.addEventListener("keydown", (event) => {
  // A key that is held agrees to nothing.
  if (event.key === "Enter" && event.repeat) event.preventDefault();
});
dialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  next?.();
});
