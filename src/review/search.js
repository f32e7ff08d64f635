// Search in the transcript that is shown: all places are marked, and Enter goes from one to the next.

const field = document.getElementById("search");
const hits = document.getElementById("hits");
const words = document.getElementById("words");

// Marked without touching the page.
const found = globalThis.Highlight && new Highlight();
const here = globalThis.Highlight && new Highlight();
if (found) {
  CSS.highlights.set("found", found);
  CSS.highlights.set("here", here);
  here.priority = 1;
}

/** The places of what is looked for, and the one that was gone to last. */
let places = [];
let at = -1;

/** Letters as they are compared, without case and accents; each takes as much place as before. */
const folded = (text) => Array.from(text, (letter) => {
  const plain = letter.toLowerCase().normalize("NFD");
  return plain.length < letter.length ? letter : plain.slice(0, letter.length);
}).join("");

/** Looks again: another transcript may be shown, or drawn anew. */
export function search() {
  const wanted = folded(field.value.trim());
  places = wanted === "" ? [] : [...words.children].flatMap((paragraph) => placesIn(paragraph, wanted));
  found?.clear();
  here?.clear();
  places.forEach((place) => found?.add(place));
  at = -1;
  hits.textContent = wanted === "" ? "" : places.length === 0 ? "nowhere" : String(places.length);
}

function placesIn(paragraph, wanted) {
  // A word may go on in the next piece of text, since names are marked.
  const pieces = [];
  const nodes = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  let text = "";
  while (nodes.nextNode()) {
    const isTime = nodes.currentNode.parentElement.closest(".time");
    if (isTime) continue;
    pieces.push({ node: nodes.currentNode, start: text.length });
    text += nodes.currentNode.data;
  }
  const letters = folded(text);
  const point = (offset) => {
    const piece = pieces.findLast(({ start }) => start <= offset);
    return [piece.node, Math.min(offset - piece.start, piece.node.length)];
  };
  const places = [];
  for (let start = letters.indexOf(wanted); start >= 0; start = letters.indexOf(wanted, start + wanted.length)) {
    const range = new Range();
    range.setStart(...point(start));
    range.setEnd(...point(start + wanted.length));
    places.push(range);
  }
  return places;
}

/** Goes to the next place, or back to the one before; `way` is 1 or -1. */
function go(way) {
  if (places.length === 0) return;
  at = at < 0 && way < 0 ? places.length - 1 : (at + way + places.length) % places.length;
  here?.clear();
  here?.add(places[at]);
  places[at].startContainer.parentElement.scrollIntoView({ block: "center" });
  hits.textContent = `${at + 1} of ${places.length}`;
}

field.addEventListener("input", () => { search(); go(1); });
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
  else if (event.key === "Escape") {
    field.value = "";
    search();
    document.getElementById("title")?.focus({ preventScroll: true });
  } else return;
  event.preventDefault();
});
