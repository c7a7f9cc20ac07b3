/**
 * Secrets that were generated inside a cluster which is removed. What knows them outlives it below the host path, InfluxDB
 * above all. So `destroy` keeps them in a file beside the kubeconfig, and `deploy` gives them to the next cluster.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { UserError } from "../../../ground/errors";
import { inside, type ObjectJson } from "../../../synthesized/stack";
import type { KubernetesApi } from "../kubernetes/client";

/** What is kept of each secret; values are in base64. */
const FILE = z.object({
  secrets: z.array(z.object({ namespace: z.string(), name: z.string(), data: z.record(z.string(), z.string()) })),
});

type KeptSecret = z.infer<typeof FILE>["secrets"][number];

/** What makes them: a stack of the site. */
interface SecretsOf {
  customResources(kind: string): readonly ObjectJson[];
}

const pathOf = ({ namespace, name }: Pick<KeptSecret, "namespace" | "name">): string =>
  `/api/v1/namespaces/${namespace}/secrets/${name}`;

/** Where each secret of these stacks is that external-secrets generates: nobody else has its value. */
function placesIn(stacks: readonly SecretsOf[]): { readonly namespace: string; readonly name: string }[] {
  return stacks
    .flatMap((stack) => stack.customResources("ExternalSecret"))
    .filter(({ spec }) => inside(spec, "target", "immutable") === true)
    .map(({ metadata, spec }) => ({
      namespace: String(metadata.namespace),
      name: String(inside(spec, "target", "name")),
    }));
}

/** Reads the file; none where there is none. @throws {UserError} where it holds something else. */
function kept(file: string): KeptSecret[] {
  if (!existsSync(file)) return [];
  try {
    return FILE.parse(JSON.parse(readFileSync(file, "utf8"))).secrets;
  } catch {
    throw new UserError(
      `${file} does not hold the generated secrets that destroy wrote: move it away, and the next cluster gets others`,
    );
  }
}

/**
 * Writes the secrets of these stacks that are in the cluster into a file that only its owner reads. What it has of others
 * stays: a destroy that was interrupted may have removed them.
 *
 * @returns how many are kept.
 */
export async function keepGeneratedSecrets(
  file: string,
  stacks: readonly SecretsOf[],
  api: Pick<KubernetesApi, "get">,
): Promise<number> {
  const found = new Map(kept(file).map((one) => [pathOf(one), one]));
  for (const place of placesIn(stacks)) {
    const data = inside(await api.get(pathOf(place)), "data") as KeptSecret["data"] | undefined;
    if (data) found.set(pathOf(place), { ...place, data });
  }
  if (found.size === 0) return 0;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Whole or not at all, and never readable to others.
  const part = `${file}.part`;
  rmSync(part, { force: true });
  writeFileSync(part, `${JSON.stringify({ secrets: [...found.values()] }, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(part, file);
  return found.size;
}

/** How many secrets a file keeps. @throws {UserError} where it holds something else. */
export const keptGeneratedSecrets = (file: string): number => kept(file).length;

/**
 * Makes the kept secrets that are not in the cluster, before anything generates them: what is there already,
 * external-secrets leaves as it is. Then the file goes, since the cluster has them.
 */
export async function giveBackGeneratedSecrets(
  file: string,
  api: Pick<KubernetesApi, "get" | "create">,
): Promise<void> {
  for (const { namespace, name, data } of kept(file)) {
    if (await api.get(pathOf({ namespace, name }))) continue;
    await api.create(`/api/v1/namespaces/${namespace}/secrets`, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace },
      type: "Opaque",
      immutable: true,
      data,
    });
  }
  rmSync(file, { force: true });
}
