
// What the page of a talk does beyond showing itself: it plays here, from any moment of it that the
// page names. Without this script, every link leads to that moment on YouTube.

const main = document.getElementById("talk");
const watch = main.querySelector(".watch");
const picture = watch.querySelector(".picture");
const parts = document.querySelector("body > template").content;
const dialog = parts.querySelector("dialog");
const withdraw = parts.querySelector(".withdraw");
const { video, part } = main.dataset;

const isPlain = (event) => event.button === 0 && !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);

// The second that a link names by its time, as in `1:02:30 What comes next`.
function second(link) {
  const [time] = link.textContent.match(/\d+(:\d\d)+/) ?? ["0"];
  return time.split(":").reduce((sum, number) => sum * 60 + Number(number), 0);
}

// Where a player starts that is to start in a second of the recording.
const from = (seconds) => `&start=${seconds}${part.match(/&end=\d+/)?.[0] ?? ""}`;

function play(where) {
  const frame = player(document.querySelector("h1").textContent, video, where);
  watch.querySelector(".player")?.remove();
  picture.hidden = true;
  watch.prepend(frame);
  main.classList.add("playing");
}

// ---- The moment in the address ----

const paragraphs = [...main.querySelectorAll(".transcript p[id]")];
const start = (paragraph) => Number(paragraph.id.slice(2));
let wanted = null;

// Marks the paragraph in which a second is, and says whether there is one.
function mark(seconds) {
  for (const paragraph of paragraphs) paragraph.classList.remove("now");
  const there = paragraphs.findLast((paragraph) => start(paragraph) <= seconds);
  there?.classList.add("now");
  return there;
}

function fromAddress() {
  const named = location.hash.match(/^#t=(\d+)$/);
  if (!named) return;
  wanted = Number(named[1]);
  mark(wanted)?.scrollIntoView();
}

function onClick(event) {
  const link = event.target.closest("a.at, a.moment");
  if (!link || !isPlain(event)) return;
  event.preventDefault();
  ask(link.href, () => {
    wanted = second(link);
    play(from(wanted));
    if (mark(wanted)) history.replaceState(null, "", `#t=${wanted}`);
  });
}

// ---- What is kept for later ----

const { talk, later } = main.dataset;
const onList = later && Later.button(talk, later, showKept);

function showKept() {
  onList?.setAttribute("aria-pressed", Later.has(talk));
}

// ---- Setting up ----

showKept();
Later.onChange(showKept);
if (onList) watch.append(onList);
document.body.append(dialog);
watch.append(withdraw);
prepareToAsk();
addEventListener("hashchange", fromAddress);
fromAddress();

// YouTube plays nothing in a page that has no address, such as a file: there, all links stay links.
if (video && location.protocol !== "file:") {
  const label = picture.querySelector("span");
  label.textContent = label.dataset.play;
  picture.addEventListener("click", (event) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    ask(picture.href, () => play(wanted === null ? part : from(wanted)));
  });
  main.addEventListener("click", onClick);
} else {
  withdraw.hidden = true;
}

// YouTube answers with a grey picture of 120 pixels where it has none, and nobody answers to those
// who are offline.
function dropMissing({ target }) {
  if (target.complete && target.naturalWidth <= 120) target.remove();
}
const image = picture.querySelector("img");
if (image?.complete) dropMissing({ target: image });
for (const event of ["load", "error"]) image?.addEventListener(event, dropMissing);
