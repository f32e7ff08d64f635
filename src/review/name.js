// The dialog in which a misheard name is put right; it shows which summaries change before they do.

import * as ask from "./ask.js";
import { openDialog } from "./dialog.js";
import { el, marked } from "./draw.js";

const dialog = document.getElementById("name-dialog");
const heardInput = document.getElementById("name-heard");
const nameInput = document.getElementById("name-name");
const save = document.getElementById("name-save");
const count = document.getElementById("name-count");
const changes = document.getElementById("name-changes");

/** Takes both names. */
let given = () => {};

/** Asks for what was heard and what was said; where one leaves, nothing comes of it. */
export function askForName(heard, name) {
  heardInput.value = heard;
  nameInput.value = name;
  const answer = openDialog(dialog, (give) => (given = give));
  (heard ? nameInput : heardInput).focus();
  preview();
  return answer;
}

let previewing = new AbortController();

async function preview() {
  previewing.abort();
  previewing = new AbortController();
  const [heard, name] = [heardInput.value.trim(), nameInput.value.trim()];
  const isReady = heard !== "" && name !== "" && heard !== name;
  save.disabled = !isReady;
  count.textContent = "";
  changes.replaceChildren();
  if (!isReady) return;
  try {
    const { summaries } = await ask.previewName(heard, name, previewing.signal);
    count.textContent = summaries.length === 0
      ? "No summary says this now; it will be put right where one does."
      : `Changes ${summaries.length === 1 ? "1 summary" : `${summaries.length} summaries`}`;
    changes.replaceChildren(...summaries.map(({ title, after }) =>
      el("li", {}, el("strong", {}, title), el("p", {}, ...marked(after, [name])))));
  } catch (error) {
    if (error.name !== "AbortError") count.textContent = error.message;
  }
}

heardInput.addEventListener("input", preview);
nameInput.addEventListener("input", preview);
dialog.querySelector("form").addEventListener("submit", () => {
  given({ heard: heardInput.value, name: nameInput.value });
});
