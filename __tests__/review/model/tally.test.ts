/** One count: terminal, comment, page and picture say the same numbers. */
import { mermaidPicture } from "../../../review/graph/mermaid";
import { painted } from "../../../review/graph/touched";
import type { SiteGraph } from "../../../review/graph/model";
import { type Change, type Finding, type LayerReview, type Review, type Risk } from "../../../review/model/model";
import { tally } from "../../../review/model/tally";
import { renderHtml } from "../../../review/render/html/page";
import { renderMarkdown } from "../../../review/render/markdown";
import { renderTerminal } from "../../../review/render/terminal";
import { verdict } from "../../../review/render/verdict";

const plain = (text: string): string => text;
const PAINT = { bold: plain, dim: plain, red: plain, yellow: plain, green: plain };

const change = (address: string, risks: readonly Risk[]): Change => ({
  ...{ address, type: "helm_release", name: address, action: "update", differences: [] },
  risk: risks[0] ?? "harmless",
  ...(risks.length > 1 ? { risks } : {}),
});
const CHANGES: Readonly<Record<string, readonly Risk[]>> = {
  "helm_release.setup": ["loses data", "loses data", "loses data", "restarts"],
  "helm_release.kafka": ["loses data"],
  "helm_release.other": [],
};
const layer = (more: Partial<LayerReview> = {}): LayerReview => ({
  ...{ layer: "efd", stack: "toy-efd", status: "planned", lines: [], counts: { update: 3 } },
  changes: Object.entries(CHANGES).map(([address, risks]) => change(address, risks)),
  ...more,
});
const finding = (address: string, risk: Risk, i: number): Finding => ({
  ...{ rule: "r", risk, stack: "toy-efd", address, what: `${i} happens`, why: "why", remedy: "what" },
});
const review = (...layers: LayerReview[]): Review => ({
  ...{ format: 1, site: "toy", title: "toy", comparison: { kind: "plan" } as const, layers },
  findings: Object.entries(CHANGES).flatMap(([address, risks]) => risks.map((risk, i) => finding(address, risk, i))),
  risk: "loses data",
});
const WHOLE = review(layer());
const NUMBERS = { "loses data": 4, interrupts: 0, restarts: 1, "changes access": 0, harmless: 1 };

/** What a page says of this review; its foot explains every risk. */
const aboveFooter = (page: string) => page.slice(page.indexOf("<body"), page.indexOf("<footer"));
const textOf = (html: string) => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

test("terminal, comment, page and picture count the same", () => {
  expect(Object.fromEntries(tally(WHOLE).map(({ risk, number }) => [risk, number]))).toEqual(NUMBERS);

  const terminal = renderTerminal(WHOLE, PAINT).split("\n");
  expect(terminal).toContain("4 loses data, 1 restarts, 1 harmless");
  expect(terminal.filter((line) => /^[A-Z ]+ \(\d+\):/.test(line)).map((line) => line.split(":")[0])).toEqual([
    "LOSES DATA (4)",
    "RESTARTS (1)",
  ]);

  const comment = renderMarkdown(WHOLE);
  expect(comment).toContain("**Loses data** (4):");
  expect(
    /^\| toy-efd \| planned \|(.*)\|$/m
      .exec(comment)?.[1]
      ?.split("|")
      .map((cell) => cell.trim()),
  ).toEqual(["4", "", "1", "", "1", "3 update"]);

  const page = renderHtml(WHOLE);
  const tiles = [...page.matchAll(/<button[^>]*class="tile"[^]*?<\/button>/g)].map(([tile]) => textOf(tile).trim());
  expect(tiles).toEqual(["4 Loses data", "0 Interrupts", "1 Restarts", "0 Changes access", "1 Harmless"]);
  expect(textOf(page)).toMatch(/Loses data \(4\) .* Restarts \(1\) /);
  expect(textOf(/<tbody>[^]*?<\/tbody>/.exec(page)?.[0] ?? "").trim()).toBe("toy-efd planned 4 · 1 · 1 3 update");

  const node = (name: string, addresses: string[]) => ({
    ...{ id: name, stack: "toy-efd", layer: "efd", namespace: "", name, count: 1, addresses, holdsData: false },
  });
  const graph: SiteGraph = {
    site: "toy",
    layers: [{ stack: "toy-efd", layer: "efd", after: [] }],
    nodes: [node("influxdb", ["helm_release.setup", "helm_release.other"]), node("kafka", ["helm_release.kafka"])],
    edges: [],
  };
  const boxes = mermaidPicture(painted(graph, WHOLE));
  expect(boxes).toContain('"influxdb<br/>3 × loses data, 1 × restarts, 1 × harmless"');
  expect(boxes).toContain('"kafka<br/>loses data"');
});

describe("nothing is said to change where not everything was judged", () => {
  const quiet = layer({ changes: [], counts: {}, status: "unchanged", stack: "toy-platform", layer: "platform" });
  const none = (...layers: LayerReview[]): Review => {
    const found: { risk?: Risk } & Omit<Review, "risk"> = { ...review(...layers), findings: [] };
    delete found.risk;
    return found;
  };
  const blocked = layer({ changes: [], counts: {}, status: "blocked", lines: ["why"] });
  const failed = layer({ changes: [], counts: {}, status: "failed", lines: ["why"] });

  test.each([
    ["a layer is blocked", none(quiet, blocked)],
    ["all are blocked", none(blocked)],
    ["a layer failed", none(quiet, failed)],
    ["both", none(failed, blocked)],
    ["drift, and a layer is blocked", { ...none(quiet, blocked), comparison: { kind: "drift" } as const }],
    ["drift, and a layer failed", { ...none(quiet, failed), comparison: { kind: "drift" } as const }],
  ])("%s", (_what, found) => {
    expect(verdict(found).tone).not.toBe("go");
    for (const text of [renderTerminal(found, PAINT), renderMarkdown(found), textOf(aboveFooter(renderHtml(found)))]) {
      expect(text).not.toMatch(/nothing (changes|was changed|that runs)|no changes|nothing to do/i);
      expect(text).toMatch(/could (not )?be judged/);
    }
    expect(renderMarkdown(found)).toMatch(/^\| toy-efd \| \w+ \|.*\| not known \|$/m);
  });

  test("harmless changes beside a blocked layer are no go", () => {
    const found = {
      ...none(layer({ stack: "toy-cluster", changes: [change("a.b", [])] }), blocked),
      risk: "harmless",
    } as const;
    expect(verdict(found).tone).toBe("look");
    expect(verdict(found).headline).toMatch(/: 1 of 2 layers could not be judged\.$/);
  });

  test("where all was judged, it is said", () => {
    expect(verdict(none(quiet))).toMatchObject({ tone: "go", headline: "Nothing changes." });
  });
});
