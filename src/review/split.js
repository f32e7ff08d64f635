// The dialog in which titles that name their speakers are split, many at once; it shows each first.

import * as ask from "./ask.js";
import { openDialog } from "./dialog.js";
import { counted, el } from "./draw.js";

const $ = (id) => document.getElementById(id);
const dialog = $("split-dialog");
const save = $("split-save");

let agreed = () => {};

/** Asks which titles to split; gives the ids of their talks, or nothing where one leaves. */
export async function askForSplits() {
  const { titles, left_alone } = await ask.splits();
  $("split-left").textContent = left_alone === 0 ? ""
    : `${counted(left_alone, "other talk")} with such a title ${left_alone === 1 ? "has" : "have"} speakers of yours. ${left_alone === 1 ? "It stays as it is" : "They stay as they are"}.`;
  $("split-rows").replaceChildren(...titles.map(row));
  count();
  return openDialog(dialog, (give) => (agreed = () => give(chosen())));
}

/** A title as it is and as it would be; one with a mark is not chosen at first. */
function row({ id, before, title, speakers, dropped, mark }, nth) {
  const box = el("input", { type: "checkbox", id: `split-${nth}`, value: id, checked: !mark });
  return el("tr", {},
    el("td", {}, box),
    el("td", {}, el("label", { htmlFor: box.id, dir: "auto" }, before)),
    el("td", { dir: "auto" }, title),
    el("td", {},
      ...speakers.map((name) => el("span", { className: "name", dir: "auto" }, name)),
      dropped.length > 0 && el("span", { className: "quiet" }, `without ${dropped.join(", ")}`),
      mark && el("span", { className: "doubt" }, mark)));
}

const boxes = () => [...$("split-rows").querySelectorAll("input")];
const chosen = () => boxes().filter(({ checked }) => checked).map(({ value }) => value);

function count() {
  const [number, all] = [chosen().length, boxes().length];
  $("split-count").textContent = `${number} of ${counted(all, "title")} chosen. The catalog gets the new title and the speakers; the words behind "without" are left out.`;
  save.textContent = `Split ${counted(number, "title")}`;
  save.disabled = number === 0;
  $("split-all").checked = number === all && all > 0;
  $("split-all").indeterminate = number > 0 && number < all;
}

$("split-rows").addEventListener("change", count);
$("split-all").addEventListener("change", ({ target }) => {
  for (const box of boxes()) box.checked = target.checked;
  count();
});
dialog.querySelector("form").addEventListener("submit", () => agreed());
