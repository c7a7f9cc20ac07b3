/** Checks our values of every site against their charts. */
import { existsSync } from "node:fs";
import { CHARTS } from "../../ground/versions";
import { errorLines, UserError } from "../../ground/errors";
import type { Stack } from "../shared/site/program";
import type { Json } from "../../synthesized/stack";
import { catalogueCharts, type Chart, readChart } from "./chart";
import {
  type ChartCheck,
  CHART_CHECKS,
  type CheckResult,
  hooksOfInstallsOnly,
  missingSecrets,
  missingServices,
  movingImages,
  unservedKinds,
} from "./checks";
import { type Helm, NO_HELM } from "./helm";
import { isFreeForm, type UnknownKey, unknownKeys } from "./known-keys";
import { manifests, type OwnedObject } from "./objects";
import {
  listedObjects,
  createdNamespaces,
  ownObjects,
  withNamespace,
  type SiteRelease,
  releaseName,
  releasesOf,
} from "./site-objects";
import { schemaFaults } from "./values-schema";

/** A mistake, and the sites that make it. */
export interface ChartFinding {
  readonly check: ChartCheck;
  readonly sites: readonly string[];
  readonly text: string;
}

/** Result of the checks. */
export interface Verification {
  readonly findings: readonly ChartFinding[];
  /** How much each check looked at, and why one could not run. */
  readonly checks: readonly { readonly check: ChartCheck; readonly looked: string; readonly notRun?: string }[];
  /** Objects of each site: its own, and its charts' as far as they could be had. */
  readonly objects: ReadonlyMap<string, readonly OwnedObject[]>;
}

type Renderer = Pick<Helm, "render">;

/** What is verified. */
export interface VerifyProps {
  readonly stacks: readonly Stack[];
  readonly folder: string;
  /** Undefined where helm is not installed. */
  readonly helm: Renderer | undefined;
  readonly step?: (text: string) => void;
}

/** Checks the values of every site against the charts in a folder. */
export async function verifyCharts({ stacks, folder, helm, step = () => {} }: VerifyProps): Promise<Verification> {
  if (!existsSync(folder))
    throw new UserError(`${folder} does not exist: fetch the charts with npm run charts -- pull ${folder}`);
  const findings = new Findings();
  const sites = [...new Set(stacks.map(({ site }) => site))];
  const charts = new Map<string, Chart>();
  for (const entry of catalogueCharts())
    try {
      charts.set(entry.chart, readChart(folder, entry));
    } catch (error) {
      findings.add("packages", sites, errorLines(error));
    }

  const releases = releasesOf(stacks);
  const known = releases.flatMap((release) => {
    const chart = charts.get(release.chart);
    return chart ? [{ release, chart }] : [];
  });
  const made = new Map<SiteRelease, readonly OwnedObject[]>();
  let listed = 0;
  for (const { release, chart } of known) {
    step(`${releaseName(release)}: ${release.sites.join(", ")}`);
    const faults = schemaFaults(release.values, chart).map((fault) => `${releaseName(release)}: ${fault}`);
    findings.add("schema", release.sites, faults);
    const rendered = helm && chart.renders ? await render(helm, chart, release, findings) : undefined;
    findings.add("keys", release.sites, await refusedKeys(release, chart, rendered === undefined ? undefined : helm));
    const objects = rendered ?? listedObjects(folder, release);
    if (objects) made.set(release, objects);
    if (objects && !rendered) listed++;
  }

  // Where cert-manager looks for the Secrets of what belongs to no namespace.
  const authorities = releases.find(({ chart }) => chart === CHARTS.certManager.chart)?.namespace ?? "";
  const objects = new Map<string, readonly OwnedObject[]>();
  for (const site of sites) {
    const own = ownObjects(stacks.filter((stack) => stack.site === site));
    const ofCharts = releases.filter((one) => one.sites.includes(site));
    const all = [...own, ...ofCharts.flatMap((release) => made.get(release) ?? [])];
    const unknown = new Set(ofCharts.filter((release) => !made.has(release)).map(({ namespace }) => namespace));
    objects.set(site, all);
    findings.look("services", site, missingServices(all, createdNamespaces(own), unknown));
    findings.look("secrets", site, missingSecrets(all, authorities, unknown));
    findings.look("hooks", site, hooksOfInstallsOnly(all));
    findings.look("images", site, movingImages(all));
    if (listed === 0 && unknown.size === 0) findings.look("apis", site, unservedKinds(all));
  }
  return {
    findings: findings.all(),
    objects,
    checks: summary({ charts, releases: known.length, made: made.size, listed, helm: helm !== undefined, findings }),
  };
}

class Findings {
  private readonly found = new Map<string, { check: ChartCheck; sites: Set<string>; text: string }>();
  /** How much was looked at, over all sites. */
  readonly counts = new Map<ChartCheck, number>();

  look(check: ChartCheck, site: string, { count, lines }: CheckResult): void {
    this.counts.set(check, (this.counts.get(check) ?? 0) + count);
    this.add(check, [site], lines);
  }

  add(check: ChartCheck, sites: readonly string[], lines: readonly string[]): void {
    for (const text of lines) {
      const one = this.found.get(`${check} ${text}`) ?? { check, sites: new Set<string>(), text };
      for (const site of sites) one.sites.add(site);
      this.found.set(`${check} ${text}`, one);
    }
  }

  all(): ChartFinding[] {
    const found = [...this.found.values()].map((one) => ({ ...one, sites: [...one.sites] }));
    return CHART_CHECKS.flatMap((check) => found.filter((one) => one.check === check));
  }
}

/** The objects that a chart makes; undefined where helm cannot render it. */
async function render(
  helm: Renderer,
  chart: Chart,
  release: SiteRelease,
  findings: Findings,
): Promise<OwnedObject[] | undefined> {
  const owner = releaseName(release);
  try {
    const text = await helm.render(chart.path, release);
    return manifests(text).map((object) => ({ owner, object: withNamespace(object, release.namespace) }));
  } catch (error) {
    const lines = errorLines(error).map((line) => `${owner}: helm cannot render it: ${line}`);
    findings.add("rendering", release.sites, lines);
    return undefined;
  }
}

/** Keys that the chart ignores. With helm each key is tried: one that has an effect changes what is rendered. */
async function refusedKeys(release: SiteRelease, chart: Chart, helm: Renderer | undefined): Promise<string[]> {
  const lines: string[] = [];
  for (const key of unknownKeys(release.values, chart)) {
    if (helm ? await hasEffect(helm, chart, release, key) : isFreeForm(chart.entry, key.path)) continue;
    lines.push(
      `${releaseName(release)}: the chart knows no key ${key.path.join(".")}; there it knows ${key.allowed.join(", ") || "none"}`,
    );
  }
  return lines;
}

const PROBE = "efd-made-up-value";

async function hasEffect(helm: Renderer, chart: Chart, release: SiteRelease, { path }: UnknownKey): Promise<boolean> {
  const rendered = async (change: (values: Json) => Json): Promise<string | undefined> =>
    helm.render(chart.path, { ...release, values: change(release.values) }).catch(() => undefined);
  const place = path.slice(0, -1);
  const any = await rendered((values) => changed(values, place, (map) => ({ ...map, "efd-made-up-key": PROBE })));
  if (any?.includes(PROBE)) return true;
  const without = await rendered((values) =>
    changed(values, place, (map) => Object.fromEntries(Object.entries(map).filter(([key]) => key !== path.at(-1)))),
  );
  return without !== (await rendered((values) => values));
}

function changed(values: Json, path: readonly string[], change: (map: Json) => Json): Json {
  const [first, ...rest] = path;
  return first === undefined ? change(values) : { ...values, [first]: changed(values[first] as Json, rest, change) };
}

interface Extent {
  readonly charts: ReadonlyMap<string, Chart>;
  readonly releases: number;
  /** Releases whose objects are known, and those of them that a list names. */
  readonly made: number;
  readonly listed: number;
  readonly helm: boolean;
  readonly findings: Findings;
}

function summary({ charts, releases, made, listed, helm, findings }: Extent): Verification["checks"] {
  const rendered = made - listed;
  const valuesOnly = charts.size > 0 && [...charts.values()].every(({ renders }) => !renders);
  const reason = valuesOnly
    ? "the folder has the charts' values without their templates"
    : helm || charts.size === 0
      ? "a chart is missing or could not be rendered"
      : NO_HELM;
  const notRendered = rendered < releases || releases === 0 ? { notRun: reason } : {};
  const notKnown = made < releases || releases === 0 ? { notRun: reason } : {};
  const count = (check: ChartCheck) => String(findings.counts.get(check) ?? 0);
  const [charted, named] = listed > 0 ? [" of our own", " of our own; charts by their default values"] : ["", ""];
  const schemas = [...charts.values()].filter(({ schema }) => schema).length;
  return [
    { check: "packages", looked: `${charts.size} charts` },
    { check: "keys", looked: `${releases} releases` },
    { check: "schema", looked: `${schemas} of ${charts.size} charts have one` },
    { check: "rendering", looked: `${rendered} of ${releases} releases`, ...notRendered },
    { check: "apis", looked: `${count("apis")} objects`, ...notRendered },
    { check: "hooks", looked: `${count("hooks")} uses`, ...notRendered },
    { check: "images", looked: `${count("images")} uses${charted}`, ...notKnown },
    { check: "services", looked: `${count("services")} uses${named}`, ...notKnown },
    { check: "secrets", looked: `${count("secrets")} uses${charted}`, ...notKnown },
  ];
}
