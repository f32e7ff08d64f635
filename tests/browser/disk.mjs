// Pages that a reader opens from the disk, with a watch over each test: none may end with an error on the
// console, a hostile text that ran, or a request that leaves the disk.

import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { launch } from "./browser.mjs";

/** A text that says so in the title of the page where it runs. */
export const HOSTILE =
  "</script><script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\">";

/** Opens pages in the tests of a file: `visit` an address, and forgive files that are missing on purpose. */
export function reader() {
  let browser;
  let contexts = [];
  let faults = [];

  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());
  afterEach(async () => {
    for (const page of contexts.flatMap((context) => context.pages())) assert.notEqual(await page.title(), "owned");
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    const found = faults;
    faults = [];
    assert.deepEqual(found, []);
  });

  async function visit(address, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    contexts.push(context);
    const page = await context.newPage();
    const asked = [];
    page.on("request", (request) => {
      asked.push(request.url());
      if (!request.url().startsWith("file:")) faults.push(request.url());
    });
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("pageerror", (error) => faults.push(String(error)));
    await page.goto(address);
    return { page, asked };
  }

  function forgiveMissingFiles() {
    faults = faults.filter((fault) => !fault.includes("ERR_FILE_NOT_FOUND"));
  }

  return { visit, forgiveMissingFiles };
}
