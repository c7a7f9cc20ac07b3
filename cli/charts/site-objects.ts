/** All objects of a site: those of its stacks, and those that its charts make. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../shared/site/program";
import { isOwnChart, type Json, type ObjectJson, releaseValues } from "../../synthesized/stack";
import { objectOf, type OwnedObject } from "./objects";
import type { ReleaseValues } from "./helm";

/** A release of a chart of the catalogue, at the sites that have it just so. */
export interface SiteRelease extends ReleaseValues {
  readonly chart: string;
  readonly version: string;
  readonly sites: readonly string[];
}

/** How messages name a release. */
export function releaseName({ namespace, name, chart, version }: Omit<SiteRelease, "sites" | "values">): string {
  return `${namespace}/${name} (${chart}-${version})`;
}

/** Every release of a chart of the catalogue; the same one at several sites once. */
export function releasesOf(stacks: readonly Stack[]): SiteRelease[] {
  const found = new Map<string, SiteRelease>();
  for (const stack of stacks)
    for (const { name, namespace, body, values } of stack.releases()) {
      if (isOwnChart(body)) continue;
      const version = String(body["version"]);
      // A mirror names the package.
      const chart = String(body["chart"]).replace(/^.*\//, "").replace(`-${version}.tgz`, "");
      const key = JSON.stringify([chart, version, name, namespace, values]);
      const sites = [...(found.get(key)?.sites ?? []), stack.site];
      found.set(key, { name, namespace, values, chart, version, sites });
    }
  return [...found.values()];
}

/** The objects that a site's stacks make without any chart, and the values of its releases, which name things too. */
export function ownObjects(stacks: readonly Stack[]): OwnedObject[] {
  return stacks.flatMap((stack) =>
    stack.resources().flatMap((block): OwnedObject[] => {
      const object = objectOf(block);
      if (object) return [object];
      if (block.type !== "helm_release") return [];
      const [name, namespace] = [String(block.body["name"]), String(block.body["namespace"])];
      const values = releaseValues(block.body);
      const owner = `${namespace}/${name}`;
      if (!isOwnChart(block.body))
        return [{ owner, object: { apiVersion: "", kind: "values of", metadata: { name, namespace }, spec: values } }];
      return ((values["resources"] ?? []) as ObjectJson[]).map((one) => ({
        owner,
        object: withNamespace(one, namespace),
      }));
    }),
  );
}

const CLUSTER_SCOPED = new Set(["ClusterIssuer", "ClusterSecretStore"]);

/** An object with the namespace that Helm gives it. */
export function withNamespace(object: ObjectJson, namespace: string): ObjectJson {
  if (object.metadata.namespace !== undefined || CLUSTER_SCOPED.has(object.kind)) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

/** Namespaces that a site makes. */
export function createdNamespaces(own: readonly OwnedObject[]): Set<string> {
  return new Set(own.filter(({ object }) => object.kind === "Namespace").map(({ object }) => object.metadata.name));
}

/** Charts whose objects are called after the release and the chart, also where the release's name has the chart's. */
const ALWAYS_BOTH = ["chronograf", "kapacitor"];

/**
 * Services and Secrets of a release by a list of what charts make with their default values: `objects.tsv` with the
 * columns chart, version, kind, name, namespace and ports, made with the release name `x` in the namespace `y`.
 * Undefined where the folder has no such list.
 */
export function listedObjects(folder: string, release: SiteRelease): OwnedObject[] | undefined {
  const file = join(folder, "objects.tsv");
  if (!existsSync(file)) return undefined;
  const { chart, version, name, namespace } = release;
  const full = !name.includes(chart) || ALWAYS_BOTH.includes(chart) ? `${name}-${chart}` : name;
  const rows = readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.split("\t"))
    .filter(([which, at, kind = ""]) => which === chart && at === version && /^(Service|Secret)$/.test(kind));
  return rows.map(([, , kind = "", row = "", place, ports = ""]) => {
    const called = row.startsWith(`x-${chart}`) ? full + row.slice(chart.length + 2) : row.replace(/^x(?=-|$)/, name);
    const spec: Json = kind === "Service" ? { ports: ports.split(",").filter(Boolean).map(portOf) } : {};
    const metadata = { name: called, namespace: place === "y" ? namespace : (place ?? namespace) };
    return { owner: releaseName(release), object: { apiVersion: "v1", kind, metadata, spec } };
  });
}

function portOf(text: string): Json {
  const [name, port] = text.split(":");
  return { port: Number(port), ...(name ? { name } : {}) };
}
