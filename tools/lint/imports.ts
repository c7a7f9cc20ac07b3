/** The rules on imports of `.dependency-cruiser.cjs`, and that folders do not import one another in a cycle. */
import { dirname, join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { CHECKOUT } from "../../cli/shared/site/program";

/** What dependency-cruiser says of a tree, as far as we read it. */
interface Cruise {
  readonly modules: readonly Module[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string; readonly comment: string }[] };
  };
}

/** A file and the files that it imports. */
export interface Module {
  readonly source: string;
  readonly dependencies: readonly { readonly resolved: string }[];
}

/** Where imports are checked: every folder with TypeScript. */
const PARTS = [
  "main.ts",
  ...["ground", "synthesized", "environments", "constructs", "stacks", "review", "cli", "e2e", "tools"],
  ".github/scripts",
  "__tests__",
];

/** What breaks a rule on imports, one line each; undefined where nothing does. */
export async function importFaults(): Promise<string | undefined> {
  const program = join(CHECKOUT, "node_modules", ".bin", "depcruise");
  const { code, stdout, stderr } = await run(program, ["--output-type", "json", ...PARTS], { cwd: CHECKOUT });
  if (code !== 0) return [stdout, stderr].filter(Boolean).join("\n").trim();
  const { modules, summary } = JSON.parse(stdout) as Cruise;
  const comments = new Map(summary.ruleSetUsed.forbidden.map(({ name, comment }) => [name, comment]));
  const faults = [
    ...summary.violations.map(({ from, to, rule }) => `${from} imports ${to}: ${comments.get(rule.name) ?? rule.name}`),
    ...folderCycles(modules),
  ];
  return faults.length > 0 ? faults.join("\n") : undefined;
}

/**
 * Folders that import one another in a cycle, one line for each group of them, with an import for each arrow. A folder is
 * the files in it, without those of folders below it.
 */
export function folderCycles(modules: readonly Module[]): string[] {
  const imports = new Map<string, Map<string, string>>();
  const sources = new Set(modules.map(({ source }) => source).filter((source) => source.endsWith(".ts")));
  for (const { source, dependencies } of modules)
    for (const { resolved } of dependencies) {
      const [from, to] = [dirname(source), dirname(resolved)];
      if (from === to || !sources.has(resolved) || !sources.has(source)) continue;
      imports.set(from, (imports.get(from) ?? new Map<string, string>()).set(to, `${source} imports ${resolved}`));
    }
  const reached = new Map([...imports.keys()].map((folder) => [folder, reachedFrom(folder, imports)]));
  const inCycle = [...reached].filter(([folder, others]) => others.has(folder)).map(([folder]) => folder);
  const groups = new Set(
    inCycle.map((folder) =>
      inCycle
        .filter((other) => reached.get(folder)?.has(other) && reached.get(other)?.has(folder))
        .sort()
        .join(" "),
    ),
  );
  return [...groups].map((group) => {
    const folders = group.split(" ");
    const arrows = folders.flatMap((from) => folders.flatMap((to) => imports.get(from)?.get(to) ?? []));
    return `folders ${folders.join(", ")} import one another:\n${arrows.map((arrow) => `  ${arrow}`).join("\n")}`;
  });
}

/** Folders that a folder imports, directly or by others. */
function reachedFrom(folder: string, imports: ReadonlyMap<string, ReadonlyMap<string, string>>): Set<string> {
  const reached = new Set<string>();
  const left = [folder];
  for (let one = left.pop(); one !== undefined; one = left.pop())
    for (const next of imports.get(one)?.keys() ?? [])
      if (!reached.has(next)) {
        reached.add(next);
        left.push(next);
      }
  return reached;
}
