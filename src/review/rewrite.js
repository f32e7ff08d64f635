// The dialog in which a model is asked for another summary, with a hint. It says the cost before it
// asks, and shows old and new side by side before anything is changed.

import * as ask from "./ask.js";
import { el, pieces } from "./draw.js";

const $ = (id) => document.getElementById(id);
const dialog = $("rewrite-dialog");
const hint = $("rewrite-hint");
const status = $("rewrite-status");
const versions = $("rewrite-versions");
const main = $("rewrite-main");

/** The talk that is asked about. */
let talk = null;
/** What the main button does next. */
let step = foresee;
/** Takes the summary that is chosen. */
let chosen = () => {};
let asking = new AbortController();

/** Asks for another summary of a talk; gives the one that is taken, or nothing where the old one is kept. */
export function askForRewrite(about) {
  talk = about;
  hint.value = "";
  begin();
  dialog.showModal();
  hint.focus();
  return new Promise((choose) => {
    chosen = choose;
    dialog.addEventListener("close", () => { asking.abort(); choose(undefined); }, { once: true });
  });
}

/** Back to where nothing is asked yet. */
function begin() {
  asking.abort();
  asking = new AbortController();
  versions.hidden = true;
  status.textContent = "";
  offer("What does it cost?", foresee);
  main.disabled = hint.value.trim() === "";
}

function offer(name, next) {
  main.textContent = name;
  main.disabled = false;
  step = next;
}

async function foresee() {
  const answer = await answered("wanted", "…");
  if (answer?.is === "written") await show(answer.text);
  else if (answer) {
    status.textContent = answer.cost;
    offer(`Ask ${answer.model}`, write);
    main.focus();
  }
}

async function write() {
  const answer = await answered("given", "The model is asked. If you leave now, its reply is kept.");
  if (answer?.is === "written") await show(answer.text);
}

/** What the server says; where that is nothing, the reason is shown. */
async function answered(consent, meanwhile) {
  const { signal } = asking;
  main.disabled = true;
  status.textContent = meanwhile;
  try {
    return await ask.rewrite(talk.id, hint.value, consent, signal);
  } catch (error) {
    if (signal.aborted) return null;
    begin();
    status.textContent = error.status === 0
      ? "No answer has come. A reply that comes later is kept: ask again with the same hint, and you do not pay twice."
      : error.message;
    hint.focus();
    return null;
  }
}

/** Shows the old summary beside the new one. */
async function show(text) {
  const { signal } = asking;
  try {
    const { shown, other, findings } = await ask.compare(talk.id, text, signal);
    $("rewrite-old").replaceChildren(...pieces(shown, "del"));
    $("rewrite-new").replaceChildren(...pieces(other, "ins"));
    $("rewrite-findings").replaceChildren(...findings.map(({ message }) => el("li", {}, message)));
  } catch (error) {
    if (!signal.aborted) status.textContent = error.message;
    return;
  }
  versions.hidden = false;
  const isNew = text !== talk.summary?.text;
  status.textContent = isNew ? "Nothing is changed until you take the new one." : "The model has written the same again.";
  offer("Take the new one", () => {
    chosen(text);
    dialog.close();
  });
  main.disabled = !isNew;
  if (isNew) main.focus();
}

hint.addEventListener("input", begin);
dialog.addEventListener("keydown", (event) => {
  // A key that is held agrees to nothing.
  if (event.key === "Enter" && event.repeat) event.preventDefault();
});
dialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!main.disabled) step();
});
