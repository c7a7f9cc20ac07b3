import { SITES } from "../../environments";
import { environmentJsonSchema, environmentTables } from "../../tools/docs/environments";
import { insertLayers, layersPicture } from "../../tools/docs/layers";
import { StackView } from "../../synthesized/stack";

describe("docs/environments.md", () => {
  const text = environmentTables();

  test.each([
    "#### `cluster.agents[]`",
    "| `maxPods` | a whole number from 1, say how many pods one node may run | `110` |",
    "| `brokerDisk` | a number with its unit, 1Gi to 1Pi (15Gi), write number and unit as Kubernetes does: Mi, Gi, Ti | required |",
    '| `timestampFormat` | `unix`, `unix_ms`, `unix_us`, `unix_ns` | `"unix"` |',
    "| `brokerResources.limits.memory` |",
  ])("says %s", (line) => expect(text).toContain(line));

  test("has every key that a site's file writes", () => {
    const keys = (value: unknown): string[] =>
      Array.isArray(value)
        ? value.flatMap(keys)
        : value && typeof value === "object"
          ? Object.entries(value).flatMap(([key, inner]) => [key, ...keys(inner)])
          : [];
    for (const key of new Set(SITES.flatMap(keys))) expect(text).toMatch(new RegExp(`[\`.]${key}[\`.]`));
  });

  test("leaves no sign for Markdown to take as its own", () => {
    for (const line of text.split("\n").filter((one) => one.startsWith("|")))
      expect(line.replace(/`[^`]*`/g, "").replace(/\\[<*]/g, "")).not.toMatch(/[<*]/);
  });
});

test("the JSON Schema refuses unknown keys and knows what is required", () => {
  const schema = JSON.parse(environmentJsonSchema()) as { additionalProperties: boolean; required: string[] };
  expect(schema.additionalProperties).toBe(false);
  expect(schema.required).toEqual(expect.arrayContaining(["name", "cluster", "kafka"]));
  expect(schema.required).not.toContain("storage");
});

describe("the picture of the layers", () => {
  const stack = (site: string, layer: string, names: string[], after: string[]) =>
    new StackView(
      site,
      layer,
      JSON.stringify({
        resource: {
          kubernetes_job_v1: Object.fromEntries(
            names.map((name) => [
              name,
              { metadata: { name, namespace: "n" }, "//": { metadata: { path: `${site}-${layer}/${name}/job` } } },
            ]),
          ),
        },
      }),
      after,
    );
  const many = ["t-1", "t-2", "t-3", "t-4", "t-5"];
  const picture = layersPicture([
    stack("a", "lower", ["x"], []),
    stack("b", "lower", ["x", "y"], []),
    stack("a", "upper", ["t-1"], ["a-lower"]),
    stack("b", "upper", many, ["b-lower"]),
  ]);

  test("has layers, namespaces, constructs and the order", () => {
    expect(picture).toContain('subgraph lower["lower"]');
    expect(picture).toContain('subgraph lower__n["n"]');
    expect(picture).toContain('lower__n__x["x"]');
    expect(picture.match(/lower -->\|then\| upper/g)).toHaveLength(1);
  });

  test("says which sites have a construct that not all have, and counts crowds", () => {
    expect(picture).toContain('["y<br/><i>b</i>"]');
    expect(picture).toContain('["t-…<br/><i>a 1, b 5</i>"]');
  });

  test("goes between the markers and leaves the rest alone", () => {
    const text = "# T\n\nfirst\n\n<!-- generated:layers -->\nold\n<!-- /generated:layers -->\n\nlast\n";
    const once = insertLayers(text, "new");
    expect(once).toBe("# T\n\nfirst\n\n<!-- generated:layers -->\n\nnew\n\n<!-- /generated:layers -->\n\nlast\n");
    expect(insertLayers(once, "new")).toBe(once);
    expect(insertLayers("", "new")).toContain("<!-- generated:layers -->");
  });
});
