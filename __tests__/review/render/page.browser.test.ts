/** The page of a review in a real browser. `CHROMIUM` is the browser; without it nothing here runs. */
import axe from "axe-core";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { siteGraph } from "../../../review/graph/site-graph";
import { svgFile, svgPicture } from "../../../review/graph/svg";
import { painted } from "../../../review/graph/touched";
import { renderHtml } from "../../../review/render/html/page";
import type { Change, Review } from "../../../review/model/model";
import { allStacks } from "../../support/sites";
import { EXAMPLE } from "../example";
import { HOSTILE, reviewOf } from "../hostile";

const executable = process.env["CHROMIUM"];
if (!executable) process.stderr.write("\npage of a review: NOT RUN, because CHROMIUM names no browser\n\n");

/** No sandbox: a machine that tests is often a container. The rest keeps the browser off the network. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Milliseconds that a busy machine may take for one step. */
const PATIENCE = 120_000;

const LOOKS = [
  { name: "light", colorScheme: "light", viewport: { width: 1280, height: 860 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1280, height: 860 } },
  { name: "phone", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

/** In the page of a width: its hint is hidden where all of the table is seen, and only there. */
const hintIsRight = (width: number) => `(() => {
  const [hint, table] = [".hint", ".scroll"].map((one) => document.querySelector(one));
  return innerWidth === ${width} && hint.hidden === (table.scrollWidth <= table.clientWidth);
})()`;

const folder = mkdtempSync(join(tmpdir(), "efd-page-"));
let browser: Browser;

function large(count: number): Review {
  const [cluster, platform, efd, love] = EXAMPLE.layers;
  const box = platform!.changes[1]!;
  const boxes = Array.from({ length: count }, (_, i): Change => ({
    ...box,
    address: `toy_box.number_${i}`,
    name: `box ${i}`,
  }));
  return { ...EXAMPLE, layers: [cluster!, { ...platform!, changes: [...platform!.changes, ...boxes] }, efd!, love!] };
}

/** Opens a review; what the browser complains of, and whatever it wants from elsewhere, is kept. */
async function opened(
  review: Review,
  look: (typeof LOOKS)[number],
  hash = "",
): Promise<{ page: Page; complaints: string[] }> {
  const stacks = allStacks().filter(({ site }) => site === allStacks()[0]?.site);
  const picture = await svgPicture(painted(siteGraph(stacks), review));
  const file = join(folder, "review.html");
  writeFileSync(file, renderHtml(review, picture));
  const { colorScheme, viewport } = look;
  const page = await browser.newPage({ colorScheme, viewport });
  page.setDefaultTimeout(PATIENCE);
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => complaints.push(`dialog ${dialog.message()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(pathToFileURL(file).href) && !request.url().startsWith("data:"))
      complaints.push(request.url());
  });
  await page.goto(pathToFileURL(file).href + hash);
  return { page, complaints };
}

(executable ? describe : describe.skip)("the page of a review", () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executable, args: ARGS, timeout: PATIENCE });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(LOOKS)("opens without a complaint: $name", async (look) => {
    for (const review of [EXAMPLE, large(200), reviewOf(HOSTILE)]) {
      const { page, complaints } = await opened(review, look);
      expect(complaints).toEqual([]);
      // Nothing is broader than the screen; what is scrolls inside.
      const width = await page.evaluate("document.documentElement.scrollWidth");
      expect(width).toBeLessThanOrEqual(look.viewport.width);
      await page.close();
    }
  });

  test.each(LOOKS)("has no fault that axe knows of: $name", async (look) => {
    const { page } = await opened(EXAMPLE, look);
    await page.click("#open-all");
    await page.evaluate(axe.source);
    const violations = await page.evaluate(
      "axe.run().then((found) => found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))",
    );
    expect(violations).toEqual([]);
    await page.close();
  });

  test("answers on its first screen: whether one may approve, what goes, what follows", async () => {
    for (const look of LOOKS) {
      const { page } = await opened(large(1000), look);
      for (const selector of [".headline", ".tile.loses-data, .tiles .loses-data", ".risk-group.loses-data strong"]) {
        const box = await page.locator(selector).first().boundingBox();
        expect(box && box.y + box.height).toBeLessThan(look.viewport.height);
      }
      await page.close();
    }
  });

  test("every part can be reached by keyboard", async () => {
    const { page } = await opened(EXAMPLE, LOOKS[0]);
    const wanted = await page.evaluate<number>(
      "document.querySelectorAll('a[href], button:not(:disabled), input, summary, [tabindex=\"0\"]').length",
    );
    const reached = new Set<string>();
    for (let i = 0; i < wanted + 5; i++) {
      await page.keyboard.press("Tab");
      reached.add(
        await page.evaluate<string>(
          "(() => { const all = [...document.querySelectorAll('*')]; return String(all.indexOf(document.activeElement)); })()",
        ),
      );
    }
    // The body is reached when the last part was left.
    expect(reached.size).toBeGreaterThanOrEqual(wanted);
    await page.close();
  });

  test("a change opens by Enter, a finding leads to its change, a slash to the search", async () => {
    const { page } = await opened(EXAMPLE, LOOKS[0]);
    await page.locator(".change summary").first().focus();
    await page.keyboard.press("Enter");
    expect(await page.locator(".change").first().getAttribute("open")).not.toBeNull();
    await page.locator(".finding a").nth(2).click();
    // The page hears of the new place, and opens what is there, a moment after the click.
    const target = page.locator(".change:target[open]");
    expect(await target.textContent()).toContain("strimzi");
    await page.keyboard.press("/");
    expect(await page.evaluate("document.activeElement.id")).toBe("search");
    await page.close();
  });

  test("filters by risk, layer and words, and says how many are left", async () => {
    const { page } = await opened(large(100), LOOKS[0]);
    const shown = () => page.locator(".change:visible").count();
    const counted = async () => Number((await page.locator("#shown").textContent())?.split(" ")[0]);
    expect(await shown()).toBe(104);
    await page.locator(".tile[data-risk=loses-data]").click();
    expect([await shown(), await counted()]).toEqual([2, 2]);
    await page.locator(".tile[data-risk=loses-data]").click();
    await page.locator(".chip", { hasText: "efd" }).click();
    expect([await shown(), await counted()]).toEqual([2, 2]);
    await page.locator("#clear").click();
    await page.locator("#search").fill("box 42");
    expect([await shown(), await counted()]).toEqual([1, 1]);
    await page.locator("#search").fill("strimzi 512mi");
    expect(await shown()).toBe(1);
    await page.locator("#search").press("Escape");
    expect(await shown()).toBe(104);
    await page.close();
  });

  test("without its script it is whole, and a script that somebody put in does not run", async () => {
    const html = renderHtml(EXAMPLE).replace(
      "</main>",
      "<script>document.title = 'changed'</script><img src='x' onerror='document.title = 1'></main>",
    );
    const page = await browser.newPage();
    await page.goto("about:blank");
    await page.setContent(html);
    expect(await page.title()).not.toBe("changed");
    await page.close();
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const still = await plain.newPage();
    await still.setContent(renderHtml(EXAMPLE));
    expect(await still.locator(".change:visible").count()).toBe(4);
    expect(await still.locator(".tools:visible").count()).toBe(0);
    await plain.close();
  });

  test("on paper everything is open", async () => {
    const { page } = await opened(EXAMPLE, LOOKS[0]);
    await page.evaluate("window.dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator(".change:not([open])").count()).toBe(0);
    await page.evaluate("window.dispatchEvent(new Event('afterprint'))");
    expect(await page.locator(".change[open]").count()).toBe(0);
    await page.close();
  });

  test.each([360, 768, 1280, 1920])(
    "at %d pixels the picture fits its box, and a table that goes on says so",
    async (width) => {
      const { page } = await opened(EXAMPLE, LOOKS[0]);
      await page.setViewportSize({ width, height: 900 });
      // The page hears of its new size with the next picture that it draws, a busy machine's later than we ask.
      await page.waitForFunction(hintIsRight(width));
      const seen = await page.evaluate<{
        page: number;
        picture: number;
        box: number;
        goesOn: boolean;
        hint: boolean;
      }>(`(() => {
      const [box, table] = [".canvas", ".scroll"].map((one) => document.querySelector(one));
      return {
        page: document.documentElement.scrollWidth,
        picture: box.querySelector("svg").getBoundingClientRect().width,
        box: box.clientWidth,
        goesOn: table.scrollWidth > table.clientWidth,
        hint: getComputedStyle(document.querySelector(".hint")).display !== "none",
      };
    })()`);
      expect(seen.page).toBeLessThanOrEqual(width);
      expect(seen.picture).toBeLessThanOrEqual(seen.box);
      expect([seen.goesOn, seen.hint]).toEqual(width < 1000 ? [true, true] : [false, false]);
      await page.close();
    },
  );

  test("the picture is a file that a browser reads", async () => {
    const stacks = allStacks().filter(({ site }) => site === allStacks()[0]?.site);
    const file = join(folder, "site.svg");
    writeFileSync(file, svgFile(await svgPicture(painted(siteGraph(stacks), EXAMPLE))));
    const page = await browser.newPage();
    await page.goto(pathToFileURL(file).href);
    // A file that is no XML gets another root.
    expect(
      await page.evaluate("document.documentElement.tagName + document.querySelectorAll('parsererror').length"),
    ).toBe("svg0");
    expect(await page.locator("text", { hasText: "influxdb-setup" }).count()).toBe(1);
    await page.close();
  });
});
