/** What a rehearsal found out, for people and for programs. */
import { type Output, table } from "../../cli/shared/terminal/output";
import { isSound, type LayerReport } from "./layers/apply";
import type { Step } from "./layers/timeline";
import type { Fidelity } from "./control-plane/control-plane";
import type { Simulated } from "./operators/operators";
import type { SecretSearch } from "./rehearsal";
import type { Loss } from "./inventory";

/** Where charts and CRDs came from. */
export interface Charts {
  readonly charts: "real" | "stub";
  /** A folder; `upstream` for the charts' own repositories, `made up` for CRDs that take everything. */
  readonly crds: string;
}

/** What became of running things when this revision was applied over another one. */
export interface Upgrade {
  /** The revision that was applied first. */
  readonly from: string;
  readonly commit: string;
  readonly layers: readonly LayerReport[];
  readonly losses: readonly Loss[];
}

/** What a rehearsal found out. */
export interface RehearsalReport {
  readonly site: string;
  readonly controlPlane: Fidelity;
  readonly charts: Charts;
  readonly layers: readonly LayerReport[];
  readonly upgrade?: Upgrade;
  readonly secrets: SecretSearch;
  readonly simulated: Simulated;
}

/** Whether everything was as it must be. */
export function passed({ layers, secrets, upgrade, simulated, controlPlane }: RehearsalReport): boolean {
  return (
    // A wait that is held fails its layer by itself.
    (controlPlane.holdsJobs || simulated.waited.every(({ ok }) => ok)) &&
    secrets.leaks.length === 0 &&
    simulated.refused.length === 0 &&
    layers.every(isSound) &&
    (upgrade === undefined || (upgrade.layers.every(isSound) && upgrade.losses.length === 0))
  );
}

/** What an apply of all layers cost, against the slowest release. */
export function costOf(layers: readonly LayerReport[]): { seconds: number; slowest?: string; ratio?: number } {
  const seconds = Math.round(layers.reduce((sum, { times }) => sum + times.apply, 0) * 10) / 10;
  const [slowest] = layers.flatMap(({ times }) => times.slowestRelease ?? []).sort((a, b) => b.seconds - a.seconds);
  if (!slowest || slowest.seconds === 0) return { seconds };
  return { seconds, slowest: slowest.address, ratio: ratioOf(seconds, slowest) };
}

const ratioOf = (seconds: number, one: Step): number => Math.round((seconds / one.seconds) * 100) / 100;

/** Prints it. */
export function printReport(output: Output, report: RehearsalReport): void {
  const { layers, secrets, upgrade, charts, simulated, controlPlane } = report;
  const lines = [
    ...(upgrade ? [`revision ${upgrade.from} (${upgrade.commit.slice(0, 12)})`, layerTable(upgrade.layers), ""] : []),
    ...(upgrade ? ["this revision over it"] : []),
    layerTable(layers),
    ...[...(upgrade?.layers ?? []), ...layers].flatMap(({ stack, errors }) =>
      errors.map((line) => output.colour.red(`${stack}: ${line}`)),
    ),
    ...(upgrade ? upgradeLines(output, upgrade, layers) : costLines(layers)),
    `secrets in states, plans and output: ${secrets.leaks.length === 0 ? "none" : output.colour.red("found")} ` +
      `(searched for ${secrets.secrets} in ${secrets.texts} texts)`,
    ...secrets.leaks.map((leak) => `  ${leak}`),
    `charts: ${charts.charts} (CRDs: ${charts.crds})`,
    ...simulationLines(controlPlane, simulated, charts),
  ];
  output.print(lines.join("\n"));
  output.result({ ...report, passed: passed(report), cost: costOf(layers) });
}

function layerTable(layers: readonly LayerReport[]): string {
  const time = (value: number | undefined): string => (value === undefined ? "-" : `${value} s`);
  return table(
    ["layer", "status", "resources", "plan", "apply", "second plan", "destroy"],
    layers.map(({ stack, status, resources, plan, times, secondPlan = "-", destroy }) => [
      stack,
      status,
      resources,
      time(plan),
      time(times.apply),
      secondPlan,
      time(destroy),
    ]),
  );
}

function costLines(layers: readonly LayerReport[]): string[] {
  const { seconds, slowest, ratio } = costOf(layers);
  if (slowest === undefined) return [];
  return [
    `cost: all layers applied in ${seconds} s, ${ratio} × the slowest release (${slowest})`,
    ...layers.flatMap(({ stack, times: { apply, slowest: one, chain, releases, releasesAtOnce, idle } }) =>
      chain.length === 0
        ? []
        : [
            ...(one && one.seconds > 0
              ? [
                  `${stack}: ${ratioOf(apply, one)} × its slowest release or workload (${one.address}, ${one.seconds} s)`,
                ]
              : []),
            `longest chain of ${stack}: ${chain.map((step) => `${step.address} (${step.seconds} s)`).join(" → ")}`,
            ...(releases === 0
              ? []
              : [
                  `releases of ${stack}: ${releases}, up to ${releasesAtOnce} at the same time` +
                    (idle ? `; longest that one waited for nothing: ${idle.seconds} s (${idle.address})` : ""),
                ]),
          ],
    ),
  ];
}

function upgradeLines(output: Output, { losses }: Upgrade, layers: readonly LayerReport[]): string[] {
  return [
    ...layers.flatMap(({ stack, actions }) =>
      actions.length === 0 ? [`${stack}: nothing changes`] : actions.map((line) => `${stack}: ${line}`),
    ),
    losses.length === 0 ? "data: nothing lost, nothing made anew" : output.colour.red("data: LOST"),
    ...losses.map(({ object, what }) => `  ${object}: ${what}`),
  ];
}

function simulationLines(
  { real, simulated, podsAreSimulated, holdsJobs }: Fidelity,
  { ready, notReady, waited, refused }: Simulated,
  { charts }: Charts,
): string[] {
  const kinds = Object.entries(ready).map(([kind, count]) => `${count} ${kind}`);
  const operators =
    `the success of all ${holdsJobs ? "other " : ""}Jobs, ` +
    `operators (they said Ready of ${kinds.join(", ") || "nothing"} once the API server had them)`;
  return [
    `real: ${real}, Terraform, its providers${charts === "real" ? ", every chart" : ""}, ` +
      `the commands of ${waited.length} ready Jobs (${waited.filter(({ ok }) => !ok).length} failed)`,
    `simulated: ${simulated}${podsAreSimulated ? `, ${operators}` : ""}`,
    ...notReady.map(({ object, reason }) => `not ready: ${object}: ${reason}`),
    ...refused.map((line) => `the simulation was refused: ${line}`),
  ];
}
