/** Custom resources that leave the program: what becomes of each, for whoever confirms the plan. */
import { isOwnChart, type ObjectJson, releaseValues } from "../../synthesized/stack";
import type { PlannedChange } from "../shared/terraform/terraform";

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
