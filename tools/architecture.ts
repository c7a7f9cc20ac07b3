/** Which way imports may go, and what may stand where: a check of source texts, file by file. */

/** A source file. */
export interface Source {
  /** Path from the checkout, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Imports of a part; a part that is not named here is free. */
interface Part {
  /** Beginnings of paths that it may import, or a single file. */
  readonly ours: readonly string[];
  /** Whether the names of sites may stand in it. */
  readonly sites: boolean;
  readonly environmentVariables: boolean;
}

/** The units and types of environments/ know no site; the sites and their list do. */
const KNOWS_NO_SITE = ["schema", "units", "rules", "topics", "platform", "hosts", "defaults", "cscs", "parse"].map(
  (name) => `environments/${name}`,
);

const PARTS: Readonly<Record<string, Part>> = {
  // The catalogue is a table that imports units only: rules compare what a site says with the versions in it.
  "environments/rules": {
    ours: ["environments/", "constructs/helm/catalogue"],
    sites: false,
    environmentVariables: false,
  },
  environments: { ours: ["environments/"], sites: true, environmentVariables: false },
  constructs: {
    ours: ["constructs/", ...["schema", "units", "topics", "platform", "hosts"].map((name) => `environments/${name}`)],
    sites: false,
    environmentVariables: false,
  },
  stacks: { ours: ["stacks/", "constructs/", ...KNOWS_NO_SITE], sites: false, environmentVariables: false },
  review: {
    ours: [
      "review/",
      "cli/lib/stack-view",
      "cli/lib/yaml",
      "constructs/core/text",
      "constructs/helm/catalogue",
      "environments/units",
    ],
    sites: false,
    environmentVariables: false,
  },
  "main.ts": { ours: ["environments", "environments/", "stacks/site"], sites: true, environmentVariables: true },
  cli: {
    ours: ["cli/", "review/", "stacks/", "constructs/", "environments", "environments/"],
    sites: false,
    environmentVariables: true,
  },
  tools: {
    ours: ["cli/", "review/", "tools/", "stacks/", "constructs/", "environments", "environments/"],
    sites: false,
    environmentVariables: true,
  },
};

/** Texts that are a site's name and mean something else there, each with its reason. */
const NOT_A_SITE: readonly { path: string; name: string; reason: string }[] = [
  { path: "cli/lib/rehearsal/loopback.ts", name: "local", reason: "a kind of backend and a provider" },
  { path: "stacks/backend.ts", name: "local", reason: "a kind of backend" },
  { path: "stacks/cluster-stack.ts", name: "local", reason: "a provider" },
  { path: "tools/architecture.ts", name: "local", reason: "this list" },
  { path: "tools/github/commands.ts", name: "local", reason: "a kind of backend" },
  { path: "tools/lifecycle/site.ts", name: "local", reason: "a kind of backend" },
];

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(\s*|\brequire\s*\(\s*|^\s*import\s*)["']([^"']+)["']/gm;

/** Modules that a text imports, as it names them. */
export function importsOf(text: string): string[] {
  return [...withoutComments(text).matchAll(IMPORT)].map(([, module]) => module ?? "");
}

/** A text without comments; strings stay. */
function withoutComments(text: string): string {
  return text.replace(/("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "$1");
}

/** Path from the checkout of a module that a file imports relatively. */
function resolved(path: string, module: string): string {
  const parts = path.split("/").slice(0, -1);
  for (const step of module.split("/"))
    if (step === "..") parts.pop();
    else if (step !== ".") parts.push(step);
  return parts.join("/");
}

/** What a file breaks, one line each; `sites` are the names of all sites. */
export function architectureFaults({ path, text }: Source, sites: readonly string[]): string[] {
  const part = Object.entries(PARTS).find(([name]) => path === name || path.startsWith(`${name}/`))?.[1];
  if (!part) return [];
  const faults: string[] = [];
  for (const module of importsOf(text)) {
    if (/^@cdktf\/provider-[a-z0-9-]+(\/?(index|lib|lib\/index))?$/.test(module))
      faults.push(`${path}: imports all of ${module}, name the one file below lib/ (a barrel costs seconds)`);
    if (!module.startsWith(".")) continue;
    const target = resolved(path, module);
    if (!part.ours.some((one) => (one.endsWith("/") ? target.startsWith(one) : target === one)))
      faults.push(`${path}: imports ${target}, allowed ${part.ours.join(", ")}`);
  }
  const code = withoutComments(text);
  if (
    !part.environmentVariables &&
    /\bprocess\s*(\.|\?\.)\s*env\b|\bprocess\s*\[\s*["'`]env|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/.test(code)
  )
    faults.push(`${path}: reads process.env, take a prop instead`);
  if (!part.sites)
    for (const [, name] of code.matchAll(/["'`]([a-z0-9-]+)["'`]/g))
      if (sites.includes(name ?? "") && !NOT_A_SITE.some((one) => one.path === path && one.name === name))
        faults.push(`${path}: names the site ${name}, take a prop instead`);
  return faults;
}

/** Circles in which files import one another, types included, one line each; empty where there is none. */
export function importCircles(sources: readonly Source[]): string[] {
  const texts = new Map(sources.map(({ path, text }) => [path, text]));
  const importedBy = (path: string) =>
    importsOf(texts.get(path) ?? "")
      .filter((module) => module.startsWith("."))
      .map((module) => resolved(path, module))
      .flatMap((target) => [`${target}.ts`, `${target}/index.ts`].filter((file) => texts.has(file)));
  const circles: string[] = [];
  const done = new Set<string>();
  const follow = (path: string, way: readonly string[]) => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(" → "));
    if (way.includes(path) || done.has(path)) return;
    for (const target of importedBy(path)) follow(target, [...way, path]);
    done.add(path);
  };
  for (const { path } of sources) follow(path, []);
  return circles;
}

/** Parts whose files are checked. */
export const CHECKED_PARTS: readonly string[] = Object.keys(PARTS);
