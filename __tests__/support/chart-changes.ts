/** Stacks with a mistake put in, and charts with one. */
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createTarGzip, parseTar } from "nanotar";
import type { Stack } from "../../cli/shared/site/program";
import { type Json, releaseValues, StackView } from "../../synthesized/stack";
import { toYaml } from "../../synthesized/yaml";

/** Stacks, before and after a change. */
export type Change = (stacks: readonly Stack[]) => Stack[];

/** Changes the resources of each stack. */
export function resources(change: (resource: Record<string, Record<string, Json>>) => void): Change {
  return (stacks) =>
    stacks.map((stack) => {
      const json = JSON.parse(stack.text) as { resource: Record<string, Record<string, Json>> };
      change(json.resource);
      return new StackView(stack.site, stack.layer, JSON.stringify(json), stack.dependencies);
    });
}

/** Changes the values of one release. */
export function values(release: string, change: (values: Json) => Json): Change {
  return resources((resource) => {
    const body = resource["helm_release"]?.[release];
    if (body) body["values"] = [toYaml(change(releaseValues(body)))];
  });
}

/** The package of a chart, with some of its files replaced or added. */
export async function repack(source: string, target: string, files: Readonly<Record<string, string>>): Promise<void> {
  const items = parseTar(gunzipSync(readFileSync(source))).filter(({ name }) => !(name in files));
  const added = Object.entries(files).map(([name, data]) => ({ name, data }));
  writeFileSync(
    target,
    await createTarGzip([...items.map(({ name, data }) => ({ name, ...(data ? { data } : {}) })), ...added]),
  );
}
