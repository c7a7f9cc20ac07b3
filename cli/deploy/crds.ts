/**
 * Definitions of custom resources that lie in a chart's `crds/` folder: Helm makes them once and never upgrades them.
 * `deploy` brings them, before the operator that reads them; it never removes one.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { CHARTS, type ChartEntry } from "../../ground/versions";
import { chartFiles } from "../shared/helm/chart-package";
import { UserError } from "../../ground/errors";
import type { KubernetesApi } from "../shared/kubernetes/client";
import { inside, type Json, type ObjectJson } from "../../synthesized/stack";
import type { PlannedChange } from "../shared/terraform/terraform";
import { readDocuments } from "../../synthesized/yaml";

/** Says which chart's definition it is. */
const CHART_LABEL = "efd-chart";

const PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** What becomes of a chart's definitions. */
export interface CrdChanges {
  /** What changes, one line each; empty when the cluster has all of them. */
  readonly lines: readonly string[];
  /** What must not be done, one line each with the remedy. */
  readonly obstacles: readonly string[];
  /** Brings them, and waits until the API serves them. */
  readonly apply: () => Promise<void>;
}

const labelOf = ({ chart, version }: ChartEntry): string => `${chart}-${version}`.replaceAll("+", "_");

/** Entries of the catalogue whose definitions nobody but us brings, among the releases of a plan. */
function entriesOf(plan: readonly PlannedChange[]): { entry: ChartEntry; touched: boolean }[] {
  return plan.flatMap(({ type, change: { actions, after } }) => {
    if (type !== "helm_release" || !after) return [];
    const file = String(after["chart"]).split("/").at(-1);
    const entry = Object.values<ChartEntry>(CHARTS).find(
      ({ chart, version, definitions }) =>
        definitions === "folder" && (file === chart || file === `${chart}-${version}.tgz`),
    );
    return entry ? [{ entry, touched: actions.join() !== "no-op" }] : [];
  });
}

/**
 * Compares the definitions of a plan's charts with those of the cluster.
 *
 * A chart is opened when the plan touches its release, or when the cluster has no definition of its version. What is
 * `written`, every custom resource of the site, must stay served.
 *
 * @throws {UserError} when a chart cannot be had.
 */
export async function crdChanges(
  plan: readonly PlannedChange[],
  api: KubernetesApi,
  mirror: string | undefined,
  written: readonly ObjectJson[],
): Promise<CrdChanges[]> {
  const found: CrdChanges[] = [];
  for (const { entry, touched } of entriesOf(plan)) {
    const known = await api.get(`${PATH}?limit=1&labelSelector=${CHART_LABEL}%3D${labelOf(entry)}`);
    if (!touched && ((known?.["items"] ?? []) as unknown[]).length > 0) continue;
    found.push(await compare(entry, await crdsOfChart(entry, mirror), api, written));
  }
  return found;
}

/** The definitions of a chart, with our label. */
async function crdsOfChart(entry: ChartEntry, mirror: string | undefined): Promise<ObjectJson[]> {
  const files = [...(await chartFiles(entry, mirror))]
    .filter(([name]) => /^(charts\/[^/]+\/)*crds\/.*\.ya?ml$/.test(name))
    .sort();
  const objects = files
    .flatMap(([name, text]) => readDocuments(text, { place: `chart ${entry.chart} ${entry.version}: ${name}` }))
    .map((document) => document as ObjectJson | null)
    .filter((object) => object?.kind === "CustomResourceDefinition") as ObjectJson[];
  if (objects.length === 0) throw new UserError(`chart ${entry.chart} ${entry.version} has no definitions in crds/`);
  return objects.map((object) => ({
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...(object.metadata["labels"] as object | undefined), [CHART_LABEL]: labelOf(entry) },
    },
  }));
}

const versionsOf = (definition: ObjectJson): Json[] => (definition.spec?.["versions"] ?? []) as Json[];

async function compare(
  entry: ChartEntry,
  definitions: readonly ObjectJson[],
  api: KubernetesApi,
  written: readonly ObjectJson[],
): Promise<CrdChanges> {
  const lines: string[] = [];
  const obstacles: string[] = [];
  for (const definition of definitions) {
    const { name } = definition.metadata;
    const there = (await api.get(`${PATH}/${name}`)) as ObjectJson | undefined;
    const lost = [...stillStored(definition, there), ...stillWritten(definition, written)];
    obstacles.push(...lost.map((why) => `${entry.chart} ${entry.version}: definition ${name} ${why}`));
    if (!there) lines.push(`new definition ${name}`);
    else if (lost.length === 0) {
      const then = await api.apply(`${PATH}/${name}`, definition, true);
      if (then.metadata["generation"] !== there.metadata["generation"]) lines.push(`changed definition ${name}`);
    }
  }
  const shown = lines.map((line) => `${line} (${entry.chart} ${entry.version})`);
  return { lines: shown, obstacles, apply: () => applyCrds(definitions, api) };
}

/** Versions in which the cluster keeps objects, and which the chart has no more. */
function stillStored(definition: ObjectJson, there: ObjectJson | undefined): string[] {
  const stored = (inside(there, "status") as Json | undefined)?.["storedVersions"] as string[] | undefined;
  const known = versionsOf(definition).map(({ name }) => String(name));
  return (stored ?? [])
    .filter((version) => !known.includes(version))
    .map(
      (version) =>
        `no longer knows ${version}, in which the cluster keeps objects: go through a version of the chart that knows both, write its objects anew, and take ${version} out of its status.storedVersions`,
    );
}

/** Versions in which this program writes objects, and which the chart serves no more. */
function stillWritten(definition: ObjectJson, written: readonly ObjectJson[]): string[] {
  const served = versionsOf(definition).filter((version) => version["served"] === true);
  const versions = served.map(({ name }) => `${String(definition.spec?.["group"])}/${String(name)}`);
  const kind = inside(definition.spec, "names", "kind");
  const group = `${String(definition.spec?.["group"])}/`;
  const lost = written.filter(
    (one) => one.kind === kind && one.apiVersion.startsWith(group) && !versions.includes(one.apiVersion),
  );
  return [...new Set(lost.map(({ apiVersion }) => apiVersion))].map(
    (version) => `does not serve ${version}, in which this program writes ${String(kind)}: change the program first`,
  );
}

/** Seconds that the API may take to serve a new definition. */
const PATIENCE = 30;

async function applyCrds(definitions: readonly ObjectJson[], api: KubernetesApi): Promise<void> {
  for (const definition of definitions) await api.apply(`${PATH}/${definition.metadata.name}`, definition);
  for (const { metadata } of definitions) {
    let served = false;
    for (let tries = 0; !served && tries < PATIENCE * 2; tries++) {
      const conditions = ((await api.get(`${PATH}/${metadata.name}`))?.["status"] as Json | undefined)?.["conditions"];
      served = ((conditions ?? []) as Json[]).some(({ type, status }) => type === "Established" && status === "True");
      if (!served) await sleep(500);
    }
    if (!served) throw new UserError(`definition ${metadata.name} is not served after ${PATIENCE} s`);
  }
}
