// axe-core finds nothing, in light and dark, wide and narrow, whatever is open.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { field, filter, launch, open, serve } from "./browser.mjs";
import { large } from "./conference.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let server;
let browser;

before(async () => {
  server = await serve({ large: large(60) });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.close();
});

const STATES = {
  "as it comes": async () => {},
  "searched and sorted": async (page) => {
    await page.goto(`${page.url()}?q=talk&sort=title`);
    await page.getByRole("heading", { name: "by title" }).waitFor();
  },
  "with nothing found": async (page) => {
    await field(page, "Search").fill("xyzzy");
    await page.getByText("None of 60 talks").waitFor();
  },
  "filtered": async (page) => {
    await filter(page, { Category: "Security", Language: "German" });
    await page.getByRole("button", { name: "Show all" }).waitFor();
  },
  "choosing filters": async (page) => {
    await page.locator(".controls .open").click();
    await field(page, "Speaker").waitFor();
  },
  "as titles, one of them open": async (page) => {
    await page.goto(`${page.url()}?view=titles`);
    await page.locator("h3 a").nth(2).click();
  },
  "as pictures": async (page) => { await page.goto(`${page.url()}?view=pictures`); },
  "with a list of what is kept": async (page) => {
    for (const place of [0, 1]) {
      await page.locator(".card").nth(place).hover();
      await page.locator(".card").nth(place).locator(".later").click();
    }
    await page.locator(".own-list").click();
    await page.getByRole("button", { name: "Copy the link to these talks" }).waitFor();
  },
  "asking for consent": async (page) => {
    await page.getByLabel(/^Play here/).first().click();
    await page.getByRole("dialog").waitFor();
  },
};

for (const colorScheme of ["light", "dark"]) for (const width of [360, 1280]) for (const [state, enter] of Object.entries(STATES)) {
  test(`axe finds nothing: ${state}, ${colorScheme}, ${width} pixels`, async () => {
    const visit = await open(browser, `${server.address}/large/`, { colorScheme, viewport: { width, height: 900 } });
    await enter(visit.page);
    await visit.page.evaluate(axe);
    const { violations } = await visit.page.evaluate(() => globalThis.axe.run());
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 120)} ${failureSummary}`).join(" | ")}`);
    assert.deepEqual(found, []);
    await visit.close();
  });
}

test("the colors of all categories can be read on cards and on paper", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const visit = await open(browser, `${server.address}/large/`, { colorScheme });
    const least = await visit.page.evaluate(() => {
      const channels = (color) => color.match(/[\d.]+/g).slice(0, 3).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      const light = (color) => channels(color).reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
      const probe = document.body.appendChild(document.createElement("i"));
      const resolved = (value) => { probe.style.color = value; return light(getComputedStyle(probe).color); };
      const contrasts = [];
      for (let color = 0; color <= 24; color += 1) {
        probe.className = `color-${color}`;
        for (const ground of ["var(--card)", "var(--paper)"]) {
          const [low, high] = [resolved("var(--color)"), resolved(ground)].sort((a, b) => a - b);
          contrasts.push((high + 0.05) / (low + 0.05));
        }
      }
      return Math.min(...contrasts);
    });
    assert.ok(least >= 4.5, `${colorScheme}: ${least}`);
    await visit.close();
  }
});
