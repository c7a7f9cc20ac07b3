import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { architectureFaults, CHECKED_PARTS, importCircles, importsOf, type Source } from "../tools/architecture";
import { CHECKOUT, SITE_NAMES } from "./support/sites";

/** Sites that there are, and those that there were or will be. */
const NAMES = [...new Set([...SITE_NAMES, "local", "gcp", "tucson", "ncsa", "summit"])];

function sources(part: string): Source[] {
  if (part.endsWith(".ts")) return [{ path: part, text: readFileSync(join(CHECKOUT, part), "utf8") }];
  return readdirSync(join(CHECKOUT, part), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${part}/${name.replaceAll("\\", "/")}`)
    .map((path) => ({ path, text: readFileSync(join(CHECKOUT, path), "utf8") }));
}

test.each(CHECKED_PARTS)("%s keeps to its side", (part) => {
  const found = sources(part);
  expect(found.length).toBeGreaterThan(0);
  expect(found.flatMap((source) => architectureFaults(source, NAMES))).toEqual([]);
});

test("no files import one another in a circle, not even types", () => {
  expect(importCircles(CHECKED_PARTS.flatMap(sources))).toEqual([]);
});

describe("the check finds", () => {
  const faults = (path: string, text: string) => architectureFaults({ path, text }, NAMES);

  test.each([
    ["a construct that imports a stack", "constructs/kafka/a.ts", 'import { X } from "../../stacks/site";'],
    ["a construct that imports a site", "constructs/kafka/a.ts", 'import { summit } from "../../environments/summit";'],
    [
      "a construct that imports the list of sites",
      "constructs/kafka/a.ts",
      'import { SITES } from "../../environments";',
    ],
    ["a construct that imports main.ts", "constructs/a.ts", 'import "../main";'],
    ["a construct that imports the command line", "constructs/a.ts", 'const a = require("../cli/lib/output");'],
    ["a stack that imports a site", "stacks/a.ts", 'import { local } from "../environments/local";'],
    ["a stack that imports the list of sites", "stacks/a.ts", 'export { SITES } from "../environments";'],
    ["a stack that imports a tool", "stacks/a.ts", 'import type { X } from "../tools/program";'],
    ["a stack that imports later", "stacks/a.ts", 'await import("../cli/main");'],
    [
      "an environment that imports a construct",
      "environments/a.ts",
      'import {\n  image,\n} from "../constructs/helm/catalogue";',
    ],
    ["main.ts that imports a construct", "main.ts", 'import { image } from "./constructs/helm/catalogue";'],
    ["a tool that imports main.ts", "tools/a.ts", 'import "../main";'],
  ])("%s", (_what, path, text) => {
    expect(faults(path, text)).toEqual([expect.stringMatching(/: imports .*, allowed /)]);
  });

  test.each(["@cdktf/provider-helm", "@cdktf/provider-kubernetes/lib", "@cdktf/provider-docker/lib/index"])(
    "an import of all of %s",
    (module) => {
      expect(faults("constructs/a.ts", `import { X } from "${module}";`)).toEqual([expect.stringMatching(/a barrel/)]);
    },
  );

  test.each([
    "if (site === 'summit') {}",
    'const x = "tucson";',
    "switch (a) { case `gcp`: }",
    'new Set(["ncsa"])',
    'a = name == "local"',
  ])("the name of a site in %s", (text) => {
    for (const path of ["constructs/a.ts", "stacks/a.ts", "tools/a.ts", "cli/a.ts"])
      expect(faults(path, text)).toEqual([expect.stringMatching(/names the site/)]);
  });

  test.each([
    "process.env.HOME",
    'process.env["HOME"]',
    "process\n  .env",
    'process["env"]',
    "const { env } = process;",
  ])("%s", (text) => {
    for (const path of ["constructs/a.ts", "stacks/a.ts", "environments/a.ts"])
      expect(faults(path, text)).toEqual([expect.stringMatching(/reads process.env/)]);
  });
});

test("a circle is named once, with every file of it", () => {
  const files = (imports: Record<string, string>) =>
    Object.entries(imports).map(([path, module]) => ({ path, text: `import type { X } from "${module}";` }));
  expect(importCircles(files({ "cli/a.ts": "./b", "cli/b.ts": "../tools", "tools/index.ts": "../cli/b" }))).toEqual([
    "cli/b.ts → tools/index.ts → cli/b.ts",
  ]);
  expect(importCircles(files({ "cli/a.ts": "./b", "cli/b.ts": "./c", "cli/c.ts": "zod", "cli/d.ts": "./b" }))).toEqual(
    [],
  );
});

test("the check takes what is right", () => {
  for (const [path, text] of [
    [
      "constructs/kafka/a.ts",
      'import type { Environment } from "../../environments/schema";\nimport { b } from "./b";',
    ],
    ["constructs/kafka/a.ts", 'import { Release } from "@cdktf/provider-helm/lib/release";'],
    ["constructs/kafka/a.ts", '// "summit" has process.env\n/* import "../../main"; */ const url = "https://summit";'],
    ["stacks/a.ts", 'import { KafkaCluster } from "../constructs/kafka/kafka-cluster";'],
    ["stacks/backend.ts", 'case "local":'],
    ["environments/summit.ts", 'export const summit = { name: "summit" };'],
    ["main.ts", 'import { SITES } from "./environments";\nimport { Site } from "./stacks/site";\nprocess.env["A"];'],
    ["cli/main.ts", 'import { SITES } from "../environments";\nprocess.env["A"];'],
  ] as const)
    expect(architectureFaults({ path, text }, NAMES)).toEqual([]);
});

test("imports are found however they are written", () => {
  expect(
    importsOf(
      'import a from "a";\nimport "b";\nimport type {\n  C,\n} from \'c\';\nexport * from "d";\nawait import("e"); require("f"); // from "g"',
    ),
  ).toEqual(["a", "b", "c", "d", "e", "f"]);
});
