/** What containers may do, as they run, against what they need. */
import type { Checks } from "../../data-path/check";
import { type ContainerProcess, containerProcesses } from "../site/processes";
import type { RunningSite } from "../site/running-site";
import type { Scenario } from "../site/scenario";

/** What a container may have that the others have not. */
type Right = "root" | "capabilities" | "gains rights" | "unfiltered" | "writes root" | "token";

const HELD: readonly (readonly [Right, (one: ContainerProcess) => boolean])[] = [
  ["root", ({ uid }) => uid === 0],
  ["capabilities", ({ capabilities }) => capabilities !== 0n],
  ["gains rights", ({ mayGainRights }) => mayGainRights],
  ["unfiltered", ({ isFiltered }) => !isFiltered],
  ["writes root", ({ writesRoot }) => writesRoot],
  ["token", ({ hasToken }) => hasToken],
];

/** Rights that a container holds, in that order. */
export function rightsOf(one: ContainerProcess): Right[] {
  return HELD.flatMap(([right, holds]) => (holds(one) ? [right] : []));
}

/** Rights of containers that need them, by namespace and container, each with the reason. What is not named may have none. */
const NEEDED: Readonly<Record<string, readonly Right[]>> = {};

async function run(site: RunningSite, checks: Checks): Promise<void> {
  const all = (await containerProcesses(site)).filter(({ name }) => !name.startsWith("kube-system/"));
  checks.same("containers are seen", all.length > 0, true);
  for (const one of [...new Map(all.map((process) => [process.name, process])).values()]) {
    console.log(
      `        ${one.name}: user ${one.uid}; ${rightsOf(one).join(", ") || "nothing more"}; writes ${one.writable.join(", ") || "nowhere"}`,
    );
    checks.same(`rights of ${one.name}`, rightsOf(one), NEEDED[one.name] ?? []);
  }
}

/** Looks at every container. */
export const security: Scenario = {
  name: "security",
  title: "every container has the user, the rights and the places to write that it needs, and no more",
  run,
};
