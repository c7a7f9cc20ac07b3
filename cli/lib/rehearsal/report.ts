/** What a rehearsal found out, for people and for programs. */
import { type Output, table } from "../output";
import { NOTHING } from "./layer";
import type { SecretSearch } from "./rehearsal";

/** What a rehearsal found out about a layer. */
export interface LayerReport {
  readonly stack: string;
  readonly resources: number;
  /** Seconds of the first plan and apply. */
  readonly apply: number;
  readonly secondPlan: string;
  /** Seconds of the removal. */
  destroy?: number;
}

/** What a rehearsal found out. */
export interface RehearsalReport {
  readonly site: string;
  readonly layers: readonly LayerReport[];
  readonly secrets: SecretSearch;
}

const SIMULATED =
  "Real: API server, scheduler, controllers, Terraform, its providers, every chart. " +
  "Simulated: nodes, pods, the success of Jobs, volumes; operators do not run, so custom resources stay as they were applied.";

/** Whether everything was as it must be. */
export function passed({ layers, secrets }: RehearsalReport): boolean {
  return secrets.leaks.length === 0 && layers.every(({ secondPlan }) => secondPlan === NOTHING);
}

/** Prints it. */
export function printReport(output: Output, report: RehearsalReport): void {
  const { layers, secrets } = report;
  const seconds = (value?: number): string => (value === undefined ? "-" : `${value} s`);
  output.print(
    table(
      ["layer", "resources", "plan and apply", "second plan", "destroy"],
      layers.map(({ stack, resources, apply, secondPlan, destroy }) => [
        stack,
        resources,
        seconds(apply),
        secondPlan,
        seconds(destroy),
      ]),
    ),
  );
  const found = secrets.leaks.length === 0 ? "none" : output.colour.red("found");
  output.print(
    `secrets in states, plans and output: ${found} (searched for ${secrets.secrets} in ${secrets.texts} texts)`,
  );
  for (const leak of secrets.leaks) output.print(`  ${leak}`);
  output.print(SIMULATED);
  output.result({ ...report, simulated: SIMULATED });
}
