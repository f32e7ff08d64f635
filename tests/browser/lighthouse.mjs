// Lighthouse over a page, on loopback: `npm run lighthouse [CATALOG]`. Without a catalog it looks at
// a made-up conference of 88 talks. Exits 1 where a score is below 100.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";
import { executable, flags, PICTURE, serve } from "./browser.mjs";
import { large, renderedFrom } from "./conference.mjs";

const [catalog] = process.argv.slice(2);
const server = await serve({ page: catalog ? renderedFrom(catalog) : large(88) });
const userDataDir = mkdtempSync(join(tmpdir(), "proceedings-"));
const browser = await puppeteer.launch({ executablePath: executable, args: flags, userDataDir });
let isPerfect = true;
for (const [device, config] of [["phone", undefined], ["desktop", desktopConfig]]) {
  const page = await browser.newPage();
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    if (request.isInterceptResolutionHandled()) return;
    if (request.url().startsWith("https://i.ytimg.com/")) return request.respond(PICTURE);
    return request.continue();
  });
  const { lhr } = await lighthouse(`${server.address}/page/`, { logLevel: "error" }, config, page);
  for (const { title, score } of Object.values(lhr.categories)) {
    console.log(`${device}: ${title} ${Math.round(score * 100)}`);
    isPerfect &&= score === 1;
  }
  for (const name of ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index"]) {
    console.log(`${device}:   ${lhr.audits[name].title} ${lhr.audits[name].displayValue}`);
  }
  const scored = Object.values(lhr.categories).flatMap(({ auditRefs }) => auditRefs).filter(({ weight }) => weight > 0);
  for (const { id } of scored) {
    const { score, title, details, explanation } = lhr.audits[id];
    if (score !== null && score < 1) console.log(`${device}:   not perfect: ${title}. ${explanation ?? ""}`, JSON.stringify(details?.items?.slice(0, 2) ?? []).slice(0, 400));
  }
  await page.close();
}
await browser.close();
server.close();
process.exitCode = isPerfect ? 0 : 1;
