// Keys: one letter each, unless somebody is typing.

import { el, key } from "./draw.js";

const NAMES = { ArrowDown: "↓", ArrowUp: "↑" };
const SHOWN = { Escape: "Esc" };

/** Whether a key was pressed that will have words follow, which are no keys. */
let isOpening = false;

/**
 * Listens to keys. Each has `names`, a `meaning` for people and what it does; `moves` where it may
 * be held, `opens` where words follow. `inTurn` is given what is to be done, and `scroll` a way.
 */
export function listen(keys, inTurn, scroll) {
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, dialog");
    const isScrolling = event.target.closest("#transcript") && event.key.startsWith("Arrow");
    if (isTyping || isScrolling || event.ctrlKey || event.metaKey || event.altKey) return;
    const pressed = NAMES[event.key] ?? event.key;
    if (pressed === " " && !event.target.closest("button, a, summary")) {
      event.preventDefault();
      scroll(event.shiftKey ? -1 : 1);
      return;
    }
    const found = keys.find(({ names }) => names.includes(pressed));
    if (!found) return;
    event.preventDefault();
    // A key that is held goes on, and changes nothing more.
    if (isOpening || (event.repeat && !found.moves)) return;
    isOpening = found.opens === true;
    inTurn(() => {
      if (found.opens) isOpening = false;
      return found.act();
    });
  });
}

/** The keys and their meanings, for a `dl`. */
export function described(keys) {
  return [...keys, { names: ["Space"], meaning: "scroll the transcript" }].flatMap(({ names, meaning }) => [
    el("dt", {}, ...names.flatMap((name) => [key(SHOWN[name] ?? name), " "])), el("dd", {}, meaning)]);
}
