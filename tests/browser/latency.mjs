// How long a keystroke in the search takes, from the key to the frame that shows the answer:
// `npm run latency [TALKS]`, 1000 without a number.

import { field, launch, open, serve } from "./browser.mjs";
import { large } from "./conference.mjs";

const talks = Number(process.argv[2] ?? 1000);
const server = await serve({ large: large(talks) });
const browser = await launch();
const { page, close } = await open(browser, `${server.address}/large/`);
await field(page, "Search").focus();
await page.evaluate(() => {
  globalThis.times = [];
  document.querySelector("[type=search]").addEventListener("input", () => {
    const start = performance.now();
    // The page answers in the next frame; a message after that frame's own work says that it is done.
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => globalThis.times.push(performance.now() - start);
      channel.port2.postMessage(null);
    });
  });
});
for (const key of "numbers 17") {
  await page.keyboard.press(key === " " ? "Space" : key);
  await page.waitForTimeout(250);
}
for (let i = 0; i < 10; i += 1) {
  await page.keyboard.press("Backspace");
  await page.waitForTimeout(250);
}
const times = (await page.evaluate(() => globalThis.times)).sort((a, b) => a - b);
console.log(`${talks} talks, ${times.length} keystrokes: median ${times[times.length >> 1].toFixed(0)} ms, slowest ${times.at(-1).toFixed(0)} ms`);
await close();
await browser.close();
server.close();
