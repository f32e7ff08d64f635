// The dialog in which a category is chosen: type a few letters, or go up and down.

import { openDialog } from "./dialog.js";
import { el } from "./draw.js";

const dialog = document.getElementById("category-dialog");
const input = document.getElementById("category-input");
const list = document.getElementById("category-options");

/** What can be chosen: names, and null for giving the choice back. */
let choices = [];
/** Takes the choice. */
let chosen = () => {};

/** Asks for one of the categories; where none is chosen, nothing comes of it. */
export function chooseCategory(categories, current, isOwn) {
  choices = isOwn ? [...categories, null] : categories;
  input.value = "";
  drawOptions(categories.indexOf(current));
  return openDialog(dialog, (choose) => (chosen = choose));
}

/** The categories whose names have all that is typed. */
function options() {
  const typed = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  return choices.filter((name) => typed.every((part) => name?.toLowerCase().includes(part)));
}

function drawOptions(selected) {
  const shown = options();
  const place = Math.max(0, Math.min(selected, shown.length - 1));
  list.replaceChildren(...shown.map((name, nth) => {
    const option = el("li", { id: `option-${nth}`, role: "option" }, name ?? "Let it be filed again");
    option.setAttribute("aria-selected", String(nth === place));
    option.addEventListener("click", () => take(name));
    return option;
  }));
  input.setAttribute("aria-activedescendant", shown.length > 0 ? `option-${place}` : "");
  list.children[place]?.scrollIntoView({ block: "nearest" });
}

function take(name) {
  chosen(name);
  dialog.close();
}

input.addEventListener("input", () => drawOptions(0));
input.addEventListener("keydown", (event) => {
  const shown = options();
  const place = [...list.children].findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") drawOptions((place + 1) % shown.length);
  else if (event.key === "ArrowUp") drawOptions((place - 1 + shown.length) % shown.length);
  else if (event.key === "Enter") { if (shown.length > 0) take(shown[place]); }
  else return;
  event.preventDefault();
});
