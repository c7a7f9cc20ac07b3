/** Rules on our own sources that neither the compiler nor the linter knows. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { NAMESPACE } from "../ground/namespaces";
import { CHECKOUT, SITE_NAMES } from "./support/sites";
import { linesWith, PRODUCT, sourcesIn } from "./support/sources";

const PROGRAM = sourcesIn(PRODUCT);

/**
 * Sites whose name means nothing else, so that no code may have it as a text. `local` is a kind of backend and a
 * provider too, and a new site may be called by a word of the code (`base`): of those only comparisons are looked for.
 */
const NAMES_OF_SITES_ONLY = ["gcp", "tucson", "ncsa", "summit"];

test("no site is named outside environments/sites: sites differ in data", () => {
  const sources = PROGRAM.filter(({ path }) => !path.startsWith("environments/sites/")).map(({ path, text }) => ({
    path,
    text: withoutComments(text),
  }));
  const text = (names: readonly string[]) => `["'\`](${names.join("|")})["'\`]`;
  expect(linesWith(new RegExp(text(NAMES_OF_SITES_ONLY)), sources)).toEqual([]);
  const site = "\\b(site|siteName|(site|environment)\\.name)";
  const all = text(SITE_NAMES);
  expect(linesWith(new RegExp(`${site} [!=]== ${all}|${all} [!=]== ${site}|switch \\(${site}\\)`), sources)).toEqual(
    [],
  );
});

test("what may be depended on is called ready", () => {
  const classes = sourcesIn(["constructs", "stacks"]).flatMap(({ path, text }) =>
    [...text.matchAll(/^export (?:abstract )?class [^]*?^\}/gm)].map(([one]) => ({ path, text: one })),
  );
  const otherwise = /^ {2}(public )?(readonly |get )(?!ready\b|dependsOn\b)\w+(\(\))?: ITerraformDependable\b(?!\[)/;
  expect(classes.length).toBeGreaterThan(20);
  expect(linesWith(otherwise, classes)).toEqual([]);
});

describe("a namespace is named by its entry in ground/namespaces.ts", () => {
  const name = `["'\`](${Object.values(NAMESPACE).join("|")})["'\`]`;
  const sources = PROGRAM.filter(({ path }) => path !== "ground/namespaces.ts").map(({ path, text }) => ({
    path,
    text: withoutComments(text),
  }));

  test("nowhere a literal where a namespace belongs", () => {
    const place = `namespaces?"?\\)? ?(:|=|===|!==|in|\\(|\\.includes\\() ?\\[?|"-n", `;
    // The corpus is a script of what a person types.
    const own = sources.filter(({ path }) => !path.startsWith("e2e/corpus/"));
    expect(linesWith(new RegExp(`(${place})${name}`, "i"), own)).toEqual([]);
  });

  /** What a system's name means in constructs and stacks. */
  const MEANS = {
    "id of a construct": `\\((this|scope), ${name}`,
    "chart, name of an object, class of an ingress, kind of a choice": `\\b(chart|name|ingressClassName): ${name}|kind === ${name}`,
    "image or label": `\\b(image|labels|selectorLabels)\\(${name}`,
    "section of a site": `\\w\\[${name}\\]`,
    "name of an object, application, account or database, once": `const (NAME|LOVE_APP|TELEGRAF|OWN_DATABASE|ALERTS_DATABASE) = ${name}`,
    "layer of a site": `base\\(${name}\\)`,
    "command of a container": `command: \\[${name}`,
  };

  test("nowhere an argument in constructs and stacks", () => {
    const known = new RegExp(Object.values(MEANS).join("|"), "g");
    const left = sources
      .filter(({ path }) => /^(constructs|stacks)\//.test(path))
      .map(({ path, text }) => ({ path, text: text.replace(known, "") }));
    expect(linesWith(new RegExp(name), left)).toEqual([]);
  });
});

describe("every system has its entry in environments, constructs and review", () => {
  const ROOMS = { environments: "environments/systems", constructs: "constructs", review: "review/rules" };
  /** What stands beside the systems there. */
  const NO_SYSTEM: readonly string[] = [
    ...["accounts", "core", "kubernetes", "systems", "index"], // what systems are made of
    ...["drift", "helm", "retention", "rule", "reading", "terraform", "workloads"], // rules on what any system may have
    ...["consumers", "loads"], // what Telegraf and Kafka Connect share
  ];
  /** Where a system has no entry, and why. */
  const WITHOUT: Readonly<Record<string, string>> = {
    "review backups": "schedules, PVCs and scripts: `job` of workloads, rules of storage",
    "review chronograf": "a release of a chart and a PVC: rules of helm and storage",
    "review dns": "a release of a chart, external-dns: rules of helm; host names are ingress's",
    "review kapacitor": "a release of a chart and a PVC: rules of helm and storage",
    "review mirror": "a resource of Strimzi like Kafka Connect: `sink-connector` of connect",
    "review restarts": "a schedule, rights and a script: `job` and `rights` of workloads",
    "environments namespaces": "a site chooses none: they follow from what it runs",
    "environments restarts": "a site says nothing of them: each construct says what restarts it",
  };
  const entries = (room: string) =>
    readdirSync(join(CHECKOUT, room))
      .map((name) => name.replace(/\.ts$/, ""))
      .filter((name) => !NO_SYSTEM.includes(name));
  const systems = [...new Set(Object.values(ROOMS).flatMap(entries))].sort();

  test.each(Object.entries(ROOMS))("%s", (room, folder) => {
    const missing = systems.filter((system) => !entries(folder).includes(system));
    const excused = Object.keys(WITHOUT).flatMap((key) =>
      key.startsWith(`${room} `) ? [key.slice(room.length + 1)] : [],
    );
    expect(missing).toEqual(excused.sort());
  });
});

test("every exported declaration has a JSDoc sentence", () => {
  const declaration = /^export (default )?(abstract )?(async )?(function|class|interface|type|enum|const|let)\b/;
  const lines = [...PROGRAM, ...sourcesIn(["__tests__/support"])].flatMap(({ path, text }) => {
    const all = text.split("\n");
    return all.flatMap((line, i) => {
      // An instruction to the linter may stand between.
      const before = all.slice(0, i).findLast((one) => !one.startsWith("// oxlint-disable"));
      return declaration.test(line) && !before?.endsWith("*/") ? [`${path}:${i + 1}: ${line}`] : [];
    });
  });
  expect(lines).toEqual([]);
});

/** A text whose comments are blank; strings stay. */
function withoutComments(text: string): string {
  return text.replace(/("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "$1");
}
