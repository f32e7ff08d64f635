// Draws what the server says. Every text is set as text, never as markup.

const STATES = {
  unreviewed: ["○", "to review"],
  approved: ["✓", "approved"],
  lapsed: ["↻", "changed since approved"],
  hidden: ["–", "hidden"],
};

/** An element with properties, and children that are elements or texts. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

export const key = (name) => el("kbd", {}, name);
export const unseen = (text) => el("span", { className: "unseen" }, text);
export const stateName = (state) => STATES[state][1];

/** A button, with the key that does the same. */
export function button(text, act, keyName, className = "") {
  const element = el("button", { type: "button", className }, text, keyName && " ", keyName && key(keyName));
  element.addEventListener("click", () => act());
  return element;
}

/** A talk in the list. */
export function row(talk, isCurrent) {
  const [sign, name] = STATES[talk.state];
  const found = talk.findings.length;
  const link = el("a", { href: `#${encodeURIComponent(talk.id)}` },
    el("span", { className: "sign", ariaHidden: "true" }, sign),
    el("span", { className: "title" }, talk.title),
    talk.edited.length > 0 && el("span", { className: "edited", ariaHidden: "true", title: `edited: ${talk.edited.join(", ")}` }, "✎"),
    found > 0 && el("span", { className: "found", ariaHidden: "true", title: counted(found, "finding") }, String(found)),
    unseen(`, ${[name, talk.edited.length > 0 && "edited", found > 0 && counted(found, "finding")].filter(Boolean).join(", ")}`),
  );
  if (isCurrent) link.setAttribute("aria-current", "true");
  return el("li", { className: talk.state }, link);
}

/** What stands over the summary of a talk. */
export function heading(talk) {
  const facts = [talk.speakers.join(", "), ...talk.facts].filter(Boolean).join(" · ");
  return el("header", {},
    el("p", { className: `state ${talk.state}` },
      el("span", { className: "sign", ariaHidden: "true" }, STATES[talk.state][0]), " ", stateName(talk.state),
      talk.edited.length > 0 && el("span", { className: "quiet" }, ` · ${talk.edited.join(", ")} edited`)),
    el("h2", { id: "title", tabIndex: -1 }, talk.title),
    el("p", { className: "facts" }, facts, facts && " · ",
      el("a", { href: talk.url, target: "_blank", rel: "noreferrer noopener" }, "watch", unseen(" (opens in a new tab)"))),
  );
}

/** The summary as it will stand on the page, with the words marked that findings are about. */
export function summary(talk) {
  if (!talk.summary) return el("p", { className: "summary missing" }, "No summary");
  const { text, sentences, origin, made, is_stale } = talk.summary;
  const needles = doubted(talk.findings);
  const pieces = sentences.length > 0 ? sentences.flatMap((one, nth) => sentence(one, nth, needles)) : marked(text, needles);
  return el("div", {},
    el("p", { className: "summary" }, ...pieces),
    sentences.some(({ place }) => !place) && el("p", { className: "quiet" }, "No place in the talk was found for what is underlined."),
    el("p", { className: "quiet" }, [origin, made].filter(Boolean).join(" · "), is_stale && el("strong", {}, " · stale")));
}

export const UNPLACED = "No place in the talk was found for this sentence.";

/** A sentence that can be asked where it is said, and the link that opens there. */
function sentence({ text, place }, nth, needles) {
  const asked = el("span", {
    className: place ? "sentence" : "sentence unplaced", tabIndex: 0, role: "button",
    title: place ? "Show where this is said" : UNPLACED, "data-sentence": nth,
  }, ...marked(text, needles));
  const time = place && (place.url == null ? el("span", { className: "moment" }, place.time) : el("a", {
    className: "moment", target: "_blank", rel: "noreferrer noopener", href: place.url, title: "Play the video here",
    "data-second": Math.floor(place.said.start / 1000),
  }, unseen("Listen at "), place.time));
  return [nth > 0 && " ", asked, time && "\u00a0", time];
}

/** The words of a summary that findings are about; whole sentences are not marked. */
export function doubted(findings) {
  const isAboutWords = ({ kind, text }) => ["name", "form", "mojibake"].includes(kind) && text !== "" && text.length < 60;
  return findings.filter(isAboutWords).map((finding) => finding.text);
}

/** Whether a name was misheard: in the summary, or in the transcript. */
export function isAboutName({ kind }) {
  return kind === "name" || kind === "misheard";
}

/** All findings, those about a transcript behind the others: a name that a summary has wrong is said once. */
export function together(findings, ofTranscript) {
  const said = new Set(findings.filter(isAboutName).map(({ text }) => text));
  return [...findings, ...ofTranscript.filter((finding) => !(isAboutName(finding) && said.has(finding.text)))];
}

/** The words to look for in a transcript: what was heard, and what may have been said. */
export function suspects(findings) {
  const names = findings.filter(isAboutName);
  return names.flatMap((finding) => [finding.text, finding.suggestion]).filter(Boolean);
}

/** A finding; `act` is what helps at once, and `places` are paragraphs of the transcript. */
export function finding({ kind, message }, act, places = []) {
  return el("li", {},
    el("span", { className: "kind" }, kind.replaceAll("-", " ")), " ",
    el("span", {}, message),
    places.length > 0 && el("span", { className: "places" }, " · said at ", ...separated(places)),
    act && el("span", { className: "act" }, " ", act));
}

/** A paragraph of a transcript, with a link to where it is said. */
export function paragraph({ url, start, time, text }, needles) {
  const place = url == null ? null : el("a", {
    className: "time", target: "_blank", rel: "noreferrer noopener", href: url, title: "Play the video here",
    "data-second": start,
  }, time);
  return el("p", { tabIndex: -1 }, place, " ", ...marked(text, needles));
}

// What is said of a sentence, marked without touching the page.
const saidHere = globalThis.Highlight && new Highlight();
if (saidHere) CSS.highlights.set("said", saidHere);

/** Marks what is said in a span of time, in paragraphs as they are drawn; gives the first of these. */
export function markSaid(paragraphs, drawn, said) {
  saidHere?.clear();
  const isWithin = (cue) => said && cue.said.start >= said.start && cue.said.end <= said.end;
  paragraphs.forEach(({ cues, text }, nth) => {
    const within = cues.filter(isWithin);
    drawn[nth].classList.toggle("said", within.length > 0);
    // The text is at the end of its paragraph, behind a link, and names may be marked in it.
    let at = text.length - drawn[nth].textContent.length;
    const nodes = document.createTreeWalker(drawn[nth], NodeFilter.SHOW_TEXT);
    while (within.length > 0 && nodes.nextNode()) {
      const node = nodes.currentNode;
      for (const cue of within) {
        const [start, end] = [Math.max(cue.text.start - at, 0), Math.min(cue.text.end - at, node.length)];
        if (start < end) saidHere?.add(new StaticRange({ startContainer: node, startOffset: start, endContainer: node, endOffset: end }));
      }
      at += node.length;
    }
  });
  return drawn.find((paragraph) => paragraph.classList.contains("said"));
}

/** Whether a text has one of these words. */
export function has(text, needles) {
  return needles.length > 0 && pattern(needles).test(text);
}

/** A text in pieces, whole words that are looked for marked, whatever their case. */
export function marked(text, needles) {
  if (needles.length === 0) return [text];
  return text.split(pattern(needles)).map((piece, nth) => nth % 2 === 1 ? el("mark", {}, piece) : piece);
}

function pattern(needles) {
  const words = needles.map((needle) => needle.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`(?<![\\p{L}\\p{N}])(${words.join("|")})(?![\\p{L}\\p{N}])`, "iu");
}

function separated(elements) {
  return elements.flatMap((element, nth) => nth === 0 ? [element] : [", ", element]);
}

export function counted(count, what) {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** A text in pieces, those that another text has not in an element. */
export function pieces(texts, tag) {
  if (texts.length === 0) return [el("span", { className: "quiet" }, "No summary")];
  return texts.map(({ text, is_changed }) => is_changed ? el(tag, {}, text) : text);
}

/** A summary under its name, beside others: its pieces, what is doubtful about them, and what takes it. */
export function version(name, drawn, findings, take) {
  return el("section", { ariaLabel: name },
    el("h3", {}, name), el("p", {}, ...drawn),
    el("ul", { className: "doubts" }, ...findings.map(({ message }) => el("li", {}, message))),
    take);
}
