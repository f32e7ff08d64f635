// A browser that sees one folder, and in which every request is accounted for.

import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const KINDS = { ".html": "text/html; charset=utf-8", ".webp": "image/webp", ".xml": "application/atom+xml" };

/** The browser to test with. */
export const executable = process.env.CHROMIUM
  ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

export const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** Serves folders on loopback, each under its name; gives the address. */
export async function serve(folders) {
  const server = createServer(async (request, response) => {
    if (request.url === "/robots.txt") return response.end("User-agent: *\nAllow: /\n");
    const [, name, ...rest] = new URL(request.url, "http://localhost").pathname.split("/");
    if (!rest.length || !(name in folders)) return response.writeHead(404).end();
    const file = rest.pop() || "index.html";
    const path = join(folders[name], ...rest, file);
    try {
      const body = await readFile(path);
      response.setHeader("content-type", KINDS[extname(path)] ?? "application/octet-stream");
      response.setHeader("content-encoding", "gzip");
      response.end(gzipSync(body));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

export function launch() {
  return chromium.launch({ executablePath: executable, args: flags });
}

/** A picture as YouTube has them: 480 by 360, black above and below. */
export const PICTURE = {
  contentType: "image/svg+xml",
  body: `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="360"><rect width="480" height="360"/><rect y="45" width="480" height="270" fill="#357"/></svg>`,
};

/**
 * Opens an address. What leaves the page is answered here and noted in `asked`; `faults` are errors
 * on the console and requests that nobody may make.
 */
export async function open(browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const asked = [];
  const faults = [];
  const own = new URL(address).origin;
  await context.route("**/*", (route) => {
    const url = new URL(route.request().url());
    if (url.origin === own && url.pathname === "/favicon.ico") return route.fulfill({ status: 204 });
    if (url.origin === own) return route.continue();
    asked.push(url.href);
    if (url.origin === "https://i.ytimg.com") return route.fulfill(PICTURE);
    if (url.origin === "https://www.youtube-nocookie.com") {
      return route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Player</title>" });
    }
    faults.push(`request to ${url.href}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(address);
  return { page, asked, faults, close: () => context.close() };
}

/** Does something that the page answers, and says how many milliseconds the frame with the answer took. */
export async function timed(page, act) {
  await page.evaluate(() => {
    globalThis.answered = new Promise((done) => {
      const begin = () => {
        for (const kind of ["input", "click"]) removeEventListener(kind, begin, true);
        const start = performance.now();
        // The page answers in the next frame; a message after that frame's own work says that it is done.
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => done(performance.now() - start);
          channel.port2.postMessage(null);
        });
      };
      for (const kind of ["input", "click"]) addEventListener(kind, begin, true);
    });
  });
  await act();
  return page.evaluate(() => globalThis.answered);
}

/** Matches what begins with a text: "100 talks", and not "7 of 100 talks", which the page said before. */
export const begins = (text) => new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`);

/** A control by its label, wherever it is: in the bar or among the filters. */
export const field = (page, label) => page.locator(".controls").getByLabel(label, { exact: true });

/** Chooses filters, which are behind a button, and closes them again. */
export async function filter(page, filters) {
  await page.locator(".controls .open").click();
  for (const [label, value] of Object.entries(filters)) {
    if (label === "Speaker") await field(page, label).fill(value);
    else await field(page, label).selectOption(value);
  }
  await page.getByRole("button", { name: "Close" }).click();
}
