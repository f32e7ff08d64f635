// The video in the desk, at a moment and at a speed. YouTube is asked for nothing before somebody
// plays something, and only its frame is let in.

import { el } from "./draw.js";

const HOST = "https://www.youtube-nocookie.com";

const box = document.getElementById("player");
const place = document.getElementById("player-frame");
const speed = document.getElementById("speed");

let frame = null;

/** Plays a video from a second on. */
export function play(video, second) {
  const wanted = new URLSearchParams({ autoplay: 1, rel: 0, start: second, enablejsapi: 1, origin: location.origin });
  frame = el("iframe", {
    title: "Video", allow: "autoplay; encrypted-media; fullscreen; picture-in-picture",
    referrerPolicy: "strict-origin-when-cross-origin", src: `${HOST}/embed/${video}?${wanted}`,
  });
  frame.addEventListener("load", () => tell({ event: "listening" }));
  place.replaceChildren(frame);
  box.hidden = false;
}

/** Takes the player away. */
export function stop() {
  frame = null;
  place.replaceChildren();
  box.hidden = true;
}

function tell(message) {
  frame?.contentWindow?.postMessage(JSON.stringify(message), HOST);
}

function setSpeed() {
  tell({ event: "command", func: "setPlaybackRate", args: [Number(speed.value)] });
}

/** The name of what the player says; it says it as JSON. */
function eventOf(message) {
  try { return JSON.parse(message).event; } catch { return null; }
}

addEventListener("message", ({ origin, source, data }) => {
  const isOurs = origin === HOST && frame !== null && source === frame.contentWindow;
  if (isOurs && eventOf(data) === "onReady") setSpeed();
});
speed.addEventListener("change", setSpeed);
document.getElementById("player-close").addEventListener("click", stop);
