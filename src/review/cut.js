// The dialog in which an opening is cut that says nothing; it shows what is left before that is saved.

import * as ask from "./ask.js";
import { openDialog } from "./dialog.js";
import { pieces, version } from "./draw.js";

const $ = (id) => document.getElementById(id);
const dialog = $("cut-dialog");

let agreed = () => {};

/** Asks whether the summary of a talk should be this one; gives it, or nothing where one leaves. */
export async function askForCut(talk, text) {
  const { shown, others: [other] } = await ask.compare(talk.id, [text]);
  $("cut-versions").replaceChildren(
    version("Old", pieces(shown, "del"), []),
    version("New", pieces(other.pieces, "ins"), other.findings));
  return openDialog(dialog, (give) => (agreed = () => give(text)));
}

dialog.querySelector("form").addEventListener("submit", () => agreed());
