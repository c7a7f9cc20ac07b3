/** What the API server says of custom resources. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "../../cli/shared/process/process";
import type { ObjectJson, StackView } from "../../synthesized/stack";

/** A custom resource and where it comes from. */
interface Placed {
  /** Such as `summit-efd Kafka kafka/efd`. */
  readonly where: string;
  readonly object: ObjectJson;
}

/** How the API server is reached, and the folder for the objects' files. */
type JudgeProps = Readonly<Record<"kubectl" | "kubeconfig" | "folder", string>> & { readonly run: Run };

/** Every custom resource of these stacks. */
export function placed(stacks: readonly StackView[]): Placed[] {
  return stacks.flatMap((stack) =>
    stack.customResources().map((object) => ({
      where: `${stack.name} ${object.kind} ${String(object.metadata.namespace)}/${object.metadata.name}`,
      object,
    })),
  );
}

/** Faults by the number of the object's file, out of what kubectl wrote. */
export function faultsByFile(stderr: string): Map<number, string> {
  const faults = new Map<number, string>();
  let last: number | undefined;
  for (const line of stderr.split("\n")) {
    const file = /"[^"]*?(\d+)\.json"/.exec(line);
    if (file) last = Number(file[1]);
    if (last === undefined || line.trim() === "") continue;
    const text = line.replace(/^.*?"[^"]*\d+\.json": /, "").trim();
    faults.set(last, file ? text : `${faults.get(last)} ${text}`);
  }
  return faults;
}

/**
 * Gives every object to the API server, strictly and without keeping it; namespaces are made for real.
 *
 * @returns the objects with what the API server said of each; no fault where nothing is wrong.
 */
export async function judge(objects: readonly Placed[], props: JudgeProps) {
  const { kubectl, kubeconfig, folder, run } = props;
  const call = (...args: string[]) =>
    run(kubectl, [`--kubeconfig=${kubeconfig}`, `--cache-dir=${folder}-cache`, ...args]);
  mkdirSync(folder, { recursive: true });
  for (const name of new Set(objects.map(({ object }) => object.metadata.namespace ?? "default"))) {
    const made = await call("create", "namespace", name);
    if (made.code !== 0 && !made.stderr.includes("already exists")) throw new Error(made.stderr);
  }
  objects.forEach(({ object }, i) => writeFileSync(join(folder, `${i}.json`), JSON.stringify(object)));
  const result = await call("create", "--dry-run=server", "--validate=strict", "--output=name", `--filename=${folder}`);
  const faults = faultsByFile(result.stderr);
  const taken = result.stdout.split("\n").filter(Boolean).length;
  if (taken + faults.size !== objects.length)
    throw new Error(
      `${taken} of ${objects.length} were taken and ${faults.size} refused: ${result.stderr.slice(0, 2000)}`,
    );
  return objects.map((one, i) => ({ ...one, fault: faults.get(i) }));
}
