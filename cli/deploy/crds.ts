/**
 * What a plan brings to CRDs, and which custom resources it removes. CRDs in the `crds/` folder of a chart: Helm creates them once and never upgrades them. `deploy` applies them before the
 * operator that reads them, and never removes one.
 */
import { CHARTS, type ChartEntry } from "../../ground/versions";
import { chartFiles } from "../shared/helm/chart-package";
import { UserError } from "../../ground/errors";
import type { KubernetesApi } from "../shared/kubernetes/client";
import { inside, isOwnChart, type Json, type ObjectJson, releaseValues } from "../../synthesized/stack";
import { until } from "../shared/process/until";
import type { PlannedChange } from "../shared/terraform/terraform";
import { readDocuments } from "../../synthesized/yaml";

/** Label with the chart that a CRD comes from. */
const CHART_LABEL = "efd-chart";

const PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** What changes in a chart's CRDs. */
export interface CrdChanges {
  /** One line for each change; empty when the cluster has all of them. */
  readonly lines: readonly string[];
  /** Why they must not be applied, one line each with the remedy. */
  readonly obstacles: readonly string[];
  /** Applies them, and waits until the API serves them. */
  readonly apply: () => Promise<void>;
}

const labelOf = ({ chart, version }: ChartEntry): string => `${chart}-${version}`.replaceAll("+", "_");

/** Releases of a plan whose charts have CRDs that nobody but us upgrades. */
function entriesOf(plan: readonly PlannedChange[]): { entry: ChartEntry; touched: boolean }[] {
  return plan.flatMap(({ type, change: { actions, after } }) => {
    if (type !== "helm_release" || !after) return [];
    const file = String(after["chart"]).split("/").at(-1);
    const entry = Object.values<ChartEntry>(CHARTS).find(
      ({ chart, version, crds }) => crds === "folder" && (file === chart || file === `${chart}-${version}.tgz`),
    );
    return entry ? [{ entry, touched: actions.join() !== "no-op" }] : [];
  });
}

/**
 * Compares the CRDs of a plan's charts with those of the cluster.
 *
 * A chart is opened when the plan changes its release, or when the cluster has no CRD of its version. The versions of
 * `written`, all custom resources of the site, must stay served.
 *
 * @throws {UserError} when a chart is not available.
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

/** The CRDs of a chart, with our label. */
async function crdsOfChart(entry: ChartEntry, mirror: string | undefined): Promise<ObjectJson[]> {
  const files = [...(await chartFiles(entry, mirror))]
    .filter(([name]) => /^(charts\/[^/]+\/)*crds\/.*\.ya?ml$/.test(name))
    .sort();
  const objects = files
    .flatMap(([name, text]) => readDocuments(text, { place: `chart ${entry.chart} ${entry.version}: ${name}` }))
    .map((document) => document as ObjectJson | null)
    .filter((object) => object?.kind === "CustomResourceDefinition") as ObjectJson[];
  if (objects.length === 0) throw new UserError(`chart ${entry.chart} ${entry.version} has no CRDs in crds/`);
  return objects.map((object) => ({
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...(object.metadata["labels"] as object | undefined), [CHART_LABEL]: labelOf(entry) },
    },
  }));
}

const versionsOf = (crd: ObjectJson): Json[] => (crd.spec?.["versions"] ?? []) as Json[];

async function compare(
  entry: ChartEntry,
  crds: readonly ObjectJson[],
  api: KubernetesApi,
  written: readonly ObjectJson[],
): Promise<CrdChanges> {
  const lines: string[] = [];
  const obstacles: string[] = [];
  for (const crd of crds) {
    const { name } = crd.metadata;
    const there = (await api.get(`${PATH}/${name}`)) as ObjectJson | undefined;
    const lost = [...stillStored(crd, there), ...stillWritten(crd, written)];
    obstacles.push(...lost.map((why) => `${entry.chart} ${entry.version}: CRD ${name} ${why}`));
    if (!there) lines.push(`new CRD ${name}`);
    else if (lost.length === 0) {
      const then = await api.apply(`${PATH}/${name}`, crd, true);
      if (then.metadata["generation"] !== there.metadata["generation"]) lines.push(`changed CRD ${name}`);
    }
  }
  const shown = lines.map((line) => `${line} (${entry.chart} ${entry.version})`);
  return { lines: shown, obstacles, apply: () => applyCrds(crds, api) };
}

/** Versions in which the cluster stores objects, and which the chart no longer has. */
function stillStored(crd: ObjectJson, there: ObjectJson | undefined): string[] {
  const stored = (inside(there, "status") as Json | undefined)?.["storedVersions"] as string[] | undefined;
  const known = versionsOf(crd).map(({ name }) => String(name));
  return (stored ?? [])
    .filter((version) => !known.includes(version))
    .map(
      (version) =>
        `lacks ${version}, in which the cluster stores objects: go through a version of the chart that has both, write its objects again, and remove ${version} from its status.storedVersions`,
    );
}

/** Versions in which this program writes objects, and which the chart no longer serves. */
function stillWritten(crd: ObjectJson, written: readonly ObjectJson[]): string[] {
  const served = versionsOf(crd).filter((version) => version["served"] === true);
  const versions = served.map(({ name }) => `${String(crd.spec?.["group"])}/${String(name)}`);
  const kind = inside(crd.spec, "names", "kind");
  const group = `${String(crd.spec?.["group"])}/`;
  const lost = written.filter(
    (one) => one.kind === kind && one.apiVersion.startsWith(group) && !versions.includes(one.apiVersion),
  );
  return [...new Set(lost.map(({ apiVersion }) => apiVersion))].map(
    (version) => `does not serve ${version}, in which this program writes ${String(kind)}: change the program first`,
  );
}

/** Seconds that the API may take to serve a new CRD. */
const PATIENCE = 120;

async function applyCrds(crds: readonly ObjectJson[], api: KubernetesApi): Promise<void> {
  for (const crd of crds) await api.apply(`${PATH}/${crd.metadata.name}`, crd);
  for (const { metadata } of crds) {
    const served = await until(PATIENCE, async () => {
      const conditions = ((await api.get(`${PATH}/${metadata.name}`))?.["status"] as Json | undefined)?.["conditions"];
      return ((conditions ?? []) as Json[]).find(({ type, status }) => type === "Established" && status === "True");
    });
    if (!served) throw new UserError(`CRD ${metadata.name} is not served after ${PATIENCE} s`);
  }
}

/** One line for each object that a plan takes out of a release of our own chart. */
export function removedCustomResources(plan: readonly PlannedChange[]): string[] {
  return plan.flatMap(({ type, change: { before, after } }) => {
    if (type !== "helm_release" || !before || !isOwnChart(before)) return [];
    const left = new Set(objectsOf(after).map(nameOf));
    return objectsOf(before)
      .filter((object) => !left.has(nameOf(object)))
      .map((object) => {
        const name = `${object.kind} ${String(before["namespace"])}/${object.metadata.name}`;
        const kept = object.metadata.annotations?.["helm.sh/resource-policy"] === "keep";
        return kept
          ? `stays in the cluster with its data, though the site no longer declares it: ${name}`
          : `removes ${name}`;
      });
  });
}

function objectsOf(release: PlannedChange["change"]["after"]): ObjectJson[] {
  return release ? ((releaseValues(release)["resources"] ?? []) as ObjectJson[]) : [];
}

const nameOf = ({ kind, metadata }: ObjectJson): string => `${kind} ${metadata.namespace ?? ""} ${metadata.name}`;
