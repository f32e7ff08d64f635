// The dialog in which an opening is cut that says nothing; it shows what is left before that is saved.

import * as ask from "./ask.js";
import { el, pieces } from "./draw.js";

const $ = (id) => document.getElementById(id);
const dialog = $("cut-dialog");

let agreed = () => {};

/** Asks whether the summary of a talk should be this one; gives it, or nothing where one leaves. */
export async function askForCut(talk, text) {
  const { shown, other, findings } = await ask.compare(talk.id, text);
  $("cut-old").replaceChildren(...pieces(shown, "del"));
  $("cut-new").replaceChildren(...pieces(other, "ins"));
  $("cut-findings").replaceChildren(...findings.map(({ message }) => el("li", {}, message)));
  dialog.showModal();
  return new Promise((give) => {
    agreed = () => give(text);
    dialog.addEventListener("close", () => give(undefined), { once: true });
  });
}

dialog.querySelector("form").addEventListener("submit", () => agreed());
