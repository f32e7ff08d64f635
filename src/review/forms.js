// The forms in which the words about a talk are edited.
//
// `save` gets what was written and gives what is against it, `leave` ends the editing, `keep` gets
// words that are not saved, and `saved` goes on once they are.

import * as ask from "./ask.js";
import { button, counted, el, key } from "./draw.js";

/** How the server answers words that may be a slip. */
const NOT_IN_FORM = 422;

/** The form for a summary; the server checks its two sentences while one types. */
export function summaryForm(talk, text, { save, leave, keep, saved }) {
  const field = el("textarea", { id: "summary-text", value: text, rows: 6, spellcheck: true });
  field.setAttribute("aria-describedby", "measure");
  const measure = el("div", { id: "measure", role: "status" });
  field.addEventListener("input", () => {
    keep(field.value);
    measured(talk, field.value, measure);
  });
  measured(talk, text, measure);
  // Words that the server has taken for a slip; saved once more, they are meant as they are.
  let doubted = null;
  const submit = async (main) => {
    const text = field.value;
    const refusal = await save(text, text === doubted ? "waived" : "wanted");
    if (refusal?.status !== NOT_IN_FORM) return refusal;
    doubted = text;
    main.firstChild.data = "Save as it is ";
    return refusal;
  };
  const own = talk.summary?.is_own && button("Take mine away", () => save(""));
  return form([el("label", { htmlFor: "summary-text", className: "label" }, "Summary"), field, measure],
    submit, leave, saved, own);
}

/** The form for title and speakers. */
export function aboutForm(talk, { save, leave }) {
  const title = el("input", { id: "about-title", value: talk.title });
  const speakers = el("textarea", { id: "about-speakers", rows: 3, value: talk.speakers.join("\n") });
  const fields = [
    el("h2", { id: "title", className: "unseen", tabIndex: -1 }, talk.title),
    el("label", { htmlFor: "about-title", className: "label" }, "Title"), title,
    el("label", { htmlFor: "about-speakers", className: "label" }, "Speakers, one a line"), speakers,
  ];
  return form(fields, () => save(title.value, speakers.value.split("\n")), leave);
}

function form(fields, save, leave, saved, more) {
  const main = el("button", { type: "submit", className: "main" }, "Save ", key("Ctrl Enter"));
  const saveAndGoOn = async () => { if (!await save(main)) saved(); };
  const both = saved && button("Save and approve", saveAndGoOn, "Ctrl Shift Enter");
  const form = el("form", {}, ...fields, el("p", { className: "buttons" }, main, both, button("Cancel", leave, "Esc"), more));
  form.addEventListener("submit", (event) => { event.preventDefault(); save(main); });
  form.addEventListener("input", () => { main.firstChild.data = "Save "; });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      if (event.repeat) return;
      if (event.shiftKey && saved) saveAndGoOn();
      else form.requestSubmit();
    }
    else return;
    event.preventDefault();
  });
  return form;
}

let measuring = new AbortController();

/** Has the server hold words to the rules of summaries, and says what it finds. */
async function measured(talk, text, place) {
  measuring.abort();
  measuring = new AbortController();
  if (text.trim() === "") {
    place.replaceChildren(el("p", { className: "quiet" }, "Saved empty, what was generated counts again."));
    return;
  }
  try {
    const { words, findings } = await ask.measure(talk.id, text, measuring.signal);
    const isGood = findings.length === 0;
    const lengths = words.length === 1 ? counted(words[0], "word") : `${words.join(" + ")} words`;
    const counts = `${counted(words.length, "sentence")}, ${lengths}`;
    place.replaceChildren(
      el("p", { className: isGood ? "good" : "faulty" }, `${isGood ? "✓" : "!"} ${counts}`),
      el("ul", {}, ...findings.map((finding) => el("li", {}, finding.message))));
  } catch (error) {
    if (error.name !== "AbortError") place.replaceChildren(el("p", { className: "faulty" }, error.message));
  }
}
