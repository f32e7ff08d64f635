
// A player in the place of a picture, and the question before it is loaded. The script of the page has
// `dialog`, the question, and `withdraw`, which takes an answer back.

// Some browsers keep nothing for files, or for anybody.
function kept(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

function keep(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch { /* then it lasts as long as the page */ }
}

const CONSENT = "proceedings.player";
let mayPlay = kept(CONSENT) === "yes";

function allow(isLasting) {
  mayPlay = true;
  if (isLasting) keep(CONSENT, "yes");
  withdraw.hidden = kept(CONSENT) !== "yes";
}

function forget() {
  mayPlay = false;
  keep(CONSENT, null);
  withdraw.hidden = true;
}

// Does what loads a player, once the reader has agreed to that; the dialog also leads to the address.
function ask(address, act) {
  if (mayPlay) return act();
  dialog.querySelector("a").href = address;
  dialog.querySelector("input").checked = false;
  dialog.querySelector(".play").onclick = () => {
    dialog.close();
    allow(dialog.querySelector("input").checked);
    act();
  };
  dialog.showModal();
}

function prepareToAsk() {
  withdraw.hidden = !mayPlay;
  withdraw.querySelector("button").addEventListener("click", forget);
  dialog.querySelector(".cancel").addEventListener("click", () => dialog.close());
}

// A player of a video, or of the part of it that an address names: `&start=60&end=90`.
function player(title, video, part) {
  const frame = document.createElement("iframe");
  frame.className = "player";
  frame.title = title;
  frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.src = `https://www.youtube-nocookie.com/embed/${video}?autoplay=1&rel=0${part}`;
  return frame;
}
