// How long a keystroke in the search takes, from the key to the frame that shows the answer, on this
// machine and on one that is four times as slow: `npm run latency [TALKS]…`, 88, 368 and 2000 without one.

import { field, launch, open, serve, timed } from "./browser.mjs";
import { large } from "./conference.mjs";

const numbers = process.argv.slice(2).map(Number);
const browser = await launch();
for (const talks of numbers.length ? numbers : [88, 368, 2000]) {
  const server = await serve({ large: large(talks) });
  for (const rate of [1, 4]) {
    const { page, close } = await open(browser, `${server.address}/large/`);
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate });
    await field(page, "Search").focus();
    const times = [];
    for (const key of [..."numbers 17", ...Array(10).fill("Backspace")]) {
      times.push(await timed(page, () => page.keyboard.press(key === " " ? "Space" : key)));
    }
    times.sort((a, b) => a - b);
    const [median, slowest] = [times[times.length >> 1], times.at(-1)].map((time) => time.toFixed(0));
    console.log(`${talks} talks, processor slowed ${rate} times: median ${median} ms, slowest ${slowest} ms`);
    await close();
  }
  server.close();
}
await browser.close();
