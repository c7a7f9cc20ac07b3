/**
 * The programs that the benchmark runs, each in a process of its own. Each imports what it needs and no more: what a
 * program loads is part of what it costs.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Environment } from "../../environments/schema";

/** Loads what it needs; what it returns does the work and says of how much: stacks in a folder, or changes. */
export type Program = (outdir: string, count: number) => Promise<() => number>;

/** Where the plan with so many changes lies. */
export function planFile(outdir: string, count: number): string {
  return `${outdir}-${count}.json`;
}

/** So many sites that nobody has, each a copy of the first one under a name of its own. */
export async function madeUpSites(count: number): Promise<Environment[]> {
  const [{ SITES }, { parseEnvironment }] = await Promise.all([
    import("../../environments"),
    import("../../environments/parse"),
  ]);
  return Array.from({ length: count }, (_, i) =>
    parseEnvironment({ ...SITES[0], name: `made-up-${i}`, allowDestroys: [] }),
  );
}

/** The site that has the most producers of LOVE, with LOVE or without. */
async function siteOfLove(has: boolean): Promise<Environment[]> {
  const [{ SITES }, { selectSites }] = await Promise.all([
    import("../../environments"),
    import("../../cli/shared/site/sites"),
  ]);
  const producers = ({ love }: Environment) => love?.producers.length ?? 0;
  const [most] = [...selectSites(SITES)].sort((a, b) => producers(b) - producers(a));
  if (!most?.love) throw new Error("no site has LOVE");
  return [has ? most : { ...most, love: undefined }];
}

/** Writes all layers of some sites. */
async function sites(find: () => Promise<readonly Environment[]>, outdir: string): Promise<() => number> {
  const [{ App }, { Site }, { layersOf }, environments] = await Promise.all([
    import("cdktf"),
    import("../../stacks/site"),
    import("../../environments/derived/layers"),
    find(),
  ]);
  return () => {
    const app = new App({ outdir });
    for (const environment of environments) new Site(app, environment);
    app.synth();
    return environments.flatMap(layersOf).length;
  };
}

/** Writes so many stacks with nothing in them. */
const empty: Program = async (outdir, count) => {
  const { App, TerraformStack } = await import("cdktf");
  return () => {
    const app = new App({ outdir });
    for (let i = 0; i < count; i++) new TerraformStack(app, `empty-${i}`);
    app.synth();
    return count;
  };
};

/** Modules of the provider packages that constructs and stacks load. */
export function bindings(): string[] {
  const files = ["constructs", "stacks"].flatMap((name) => {
    const folder = join(__dirname, "..", "..", name);
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file));
  });
  const found = files
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [
      ...readFileSync(file, "utf8").matchAll(/^(?:import (?!type ).*|\}) from "(@cdktf\/provider-[^"]+)";$/gm),
    ]);
  return [...new Set(found.map(([, module = ""]) => module))].sort();
}

/** Every program by its name. */
export const PROGRAMS = {
  /** A cdktf program with so many stacks and nothing in them. */
  empty,
  /** The same, with the classes loaded that the sites' resources are made of. */
  bindings: async (outdir, count) => {
    // As the constructs load them: `import()` takes longer.
    const load = createRequire(__filename);
    for (const module of bindings()) load(module);
    return empty(outdir, count);
  },
  /** All sites. */
  sites: (outdir) =>
    sites(async () => {
      const [{ SITES }, { selectSites }] = await Promise.all([
        import("../../environments"),
        import("../../cli/shared/site/sites"),
      ]);
      return selectSites(SITES);
    }, outdir),
  /** The site with the most producers of LOVE. */
  love: (outdir) => sites(() => siteOfLove(true), outdir),
  /** The same site without LOVE. */
  loveless: (outdir) => sites(() => siteOfLove(false), outdir),
  /** What cdktf needs at the least for the resources of all sites: written down as they are, no binding, no check. */
  copy: async (outdir) => {
    const { App, TerraformResource, TerraformStack } = await import("cdktf");
    const { readProgram } = await import("../../cli/shared/site/program");
    const { selectSites } = await import("../../cli/shared/site/sites");
    const { SITES } = await import("../../environments");
    const stacks = readProgram(selectSites(SITES), `${outdir}-sites`);
    return () => {
      const app = new App({ outdir });
      for (const from of stacks) {
        const stack = new TerraformStack(app, from.name);
        for (const { type, id, body } of from.resources()) {
          const resource = new TerraformResource(stack, `${type}-${id}`, { terraformResourceType: type });
          for (const [key, value] of Object.entries(body)) if (key !== "//") resource.addOverride(key, value);
        }
      }
      app.synth();
      return stacks.length;
    };
  },
  /** The review of a made-up plan that lies beside the folder, from its text to every form but the picture. */
  review: async (outdir, count) => {
    const [{ readPlan }, { review }, { renderTerminal }, { renderMarkdown }, { renderHtml }, { default: pc }] =
      await Promise.all([
        import("../../review/read/plan"),
        import("../../review/build"),
        import("../../review/render/terminal"),
        import("../../review/render/markdown"),
        import("../../review/render/html/page"),
        import("picocolors"),
      ]);
    return () => {
      const plan = readPlan(readFileSync(planFile(outdir, count), "utf8"));
      const layers = [{ layer: "efd", stack: "made-up-efd", plan }];
      const about = { site: "made-up", title: "made-up", comparison: { kind: "plan" }, allowDestroys: [] } as const;
      const found = review({ ...about, layers });
      const forms = { json: JSON.stringify(found), terminal: renderTerminal(found, pc.createColors(false)) };
      mkdirSync(outdir, { recursive: true });
      for (const [name, text] of Object.entries({ ...forms, md: renderMarkdown(found), html: renderHtml(found) }))
        writeFileSync(`${outdir}/review.${name}`, text);
      return found.layers.flatMap(({ changes }) => changes).length;
    };
  },
  /** Made-up sites. */
  madeUp: (outdir, count) => sites(() => madeUpSites(count), outdir),
} as const satisfies Record<string, Program>;

/** Name of a program. */
export type ProgramName = keyof typeof PROGRAMS;
