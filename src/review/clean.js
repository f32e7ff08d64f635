// The dialog in which all talks are approved about which nothing is found; it lists them first.

import * as ask from "./ask.js";
import { openDialog } from "./dialog.js";
import { counted, el } from "./draw.js";

const dialog = document.getElementById("clean-dialog");
const save = document.getElementById("clean-save");

let agreed = () => {};

/** Asks whether to approve them; gives how many there are, or nothing where one leaves. */
export async function askForApproval() {
  const { talks } = await ask.cleanTalks();
  document.getElementById("clean-count").textContent = talks.length === 0
    ? "No talk is left to review that has a summary and no findings."
    : `${counted(talks.length, "talk")} to review: each has a summary, and nothing was found about it or its transcript. You have not read them yet.`;
  document.getElementById("clean-talks").replaceChildren(...talks.map(({ title }) => el("li", {}, title)));
  save.textContent = talks.length === 0 ? "Approve" : `Approve ${counted(talks.length, "talk")}`;
  save.disabled = talks.length === 0;
  return openDialog(dialog, (give) => (agreed = () => give(talks.length)));
}

dialog.querySelector("form").addEventListener("submit", () => agreed());
