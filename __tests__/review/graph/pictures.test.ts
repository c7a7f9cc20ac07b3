import { mermaidPicture } from "../../../review/graph/mermaid";
import type { SiteGraph } from "../../../review/graph/model";
import { siteGraph } from "../../../review/graph/site-graph";
import { svgFile, svgPicture } from "../../../review/graph/svg";
import { painted } from "../../../review/graph/touched";
import type { Review } from "../../../review/model/model";
import { allStacks } from "../../support/sites";
import { tagsOf } from "../../support/github-markdown";
import { EXAMPLE } from "../example";
import { HOSTILE } from "../hostile";

const stacks = allStacks().filter(({ site }) => site === allStacks()[0]?.site);
const graph = siteGraph(stacks);
const upper = stacks.find(({ layer }) => layer === "efd")!;

/** A review that touches InfluxDB's PVC and removes something that the program no longer has. */
const review: Review = {
  ...EXAMPLE,
  layers: [
    {
      ...EXAMPLE.layers[2]!,
      stack: upper.name,
      layer: upper.layer,
      changes: [
        { ...EXAMPLE.layers[2]!.changes[0]!, address: "kubernetes_persistent_volume_claim_v1.influxdb_influxdb" },
        { ...EXAMPLE.layers[2]!.changes[0]!, address: "helm_release.old", action: "delete", risk: "interrupts" },
      ],
    },
  ],
};

/** The picture of a site whose every name is this text. */
function hostile(text: string): SiteGraph {
  return {
    site: text,
    layers: [
      { stack: "s", layer: text, after: [] },
      { stack: "t", layer: text, after: ["s"] },
    ],
    nodes: ["a", "b", "c"].map((id, i) => ({
      id,
      stack: i > 1 ? "t" : "s",
      layer: text,
      namespace: text || "n",
      name: text,
      count: 1,
      addresses: [],
      holdsData: i === 0,
    })),
    edges: [
      { from: "a", to: "b", kind: "data" },
      { from: "a", to: "c", kind: "needs" },
    ],
  };
}

describe("Mermaid", () => {
  const lines = mermaidPicture(painted(graph, review))
    .split("\n")
    .map((line) => line.trim());

  test("has a frame for each layer and each namespace, and closes them", () => {
    const opened = lines.filter((line) => line.startsWith("subgraph "));
    const namespaces = new Set(
      graph.nodes.filter(({ namespace }) => namespace).map(({ stack, namespace }) => `${stack}/${namespace}`),
    );
    expect(opened).toHaveLength(stacks.length + namespaces.size);
    expect(lines.filter((line) => line === "end")).toHaveLength(opened.length);
  });

  test("draws data, dependencies and the order of the layers as different lines", () => {
    for (const kind of ["data", "needs"] as const)
      expect(lines.filter((line) => line.includes(kind === "data" ? "==>" : "-.->"))).toHaveLength(
        graph.edges.filter((edge) => edge.kind === kind).length,
      );
    expect(lines.filter((line) => line.includes("-->|then|"))).toHaveLength(stacks.length - 1);
  });

  test("colours what a review touches, and shows what is gone", () => {
    const box = (text: string) => /^n\d+/.exec(lines.find((line) => line.includes(text)) ?? "")?.[0];
    expect(lines).toContain(`class ${box('"influxdb<br/>loses data"')} r0`);
    expect(lines).toContain(`class ${box("no longer in the program<br/>interrupts")} r1`);
    expect(mermaidPicture(painted(graph))).not.toContain("classDef");
  });

  test.each(HOSTILE)("takes %j for a text", (text) => {
    const shape = (name: string) => mermaidPicture(painted(hostile(name))).replace(/"[^"\n]*"/g, '""');
    expect(shape(text)).toBe(shape("x"));
    expect(mermaidPicture(painted(hostile(text)))).not.toMatch(/"[^"\n]*[<>`{}[\]@][^"\n]*"/);
  });
});

describe("SVG", () => {
  test("has every name, and a class for each line and each touched node", async () => {
    const svg = await svgPicture(painted(graph, review));
    for (const { name } of graph.nodes) expect(svg).toContain(`>${name.replaceAll("-", "&#45;")}</text>`);
    expect(svg.match(/class="edge data"/g)).toHaveLength(graph.edges.filter(({ kind }) => kind === "data").length);
    expect(svg.match(/class="edge needs"/g)).toHaveLength(graph.edges.filter(({ kind }) => kind === "needs").length);
    expect(svg.match(/class="node part touched loses&#45;data"/g)).toHaveLength(1);
    expect(svg.match(/class="node part touched interrupts"/g)).toHaveLength(1);
  });

  test("is the same each time, and needs nothing else", async () => {
    const first = svgFile(await svgPicture(painted(graph)));
    expect(svgFile(await svgPicture(painted(graph)))).toBe(first);
    expect(first.replace(/xmlns(:xlink)?="[^"]*"/g, "")).not.toMatch(/https?:|<script|<image|<a |href=/);
  });

  test.each(HOSTILE)("takes %j for a text", async (text) => {
    const shape = async (name: string) =>
      tagsOf(await svgPicture(painted(hostile(name)))).map((tag) => tag.split(" ")[0]);
    expect(await shape(text)).toEqual(await shape("x"));
  });
});
