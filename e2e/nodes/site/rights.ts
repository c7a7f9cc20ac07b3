/** What containers may do: as their first process has it, and as their pod says it. */
import { inside, type Json } from "../../../synthesized/stack";
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import { type ContainerProcess, TOKEN } from "./processes";

/** What a container may have that the others have not, in the order in which it is named. */
export const RIGHTS = ["root", "capabilities", "gains rights", "unfiltered", "writes root", "token"] as const;

/** One of {@link RIGHTS}. */
export type Right = (typeof RIGHTS)[number];

const held = (holds: Readonly<Record<Right, boolean>>): Right[] => RIGHTS.filter((right) => holds[right]);

/** Rights that a container's first process holds. */
export function rightsOf(one: Omit<ContainerProcess, "name" | "pod">): Right[] {
  return held({
    root: one.uid === 0,
    capabilities: one.capabilities !== 0n,
    "gains rights": one.mayGainRights,
    unfiltered: !one.isFiltered,
    "writes root": one.writesRoot,
    token: one.hasToken,
  });
}

/**
 * Rights that a container has by its pod, which an API server has admitted. The kubelets of k3s filter what names no filter.
 * Whose image alone says its user may be root.
 */
export function rightsByPod(pod: Json, container: Json): Right[] {
  const said = (key: string): unknown =>
    inside(container, "securityContext", key) ?? inside(pod, "securityContext", key);
  const user = said("runAsUser");
  const root = user === undefined ? said("runAsNonRoot") !== true : user === 0;
  const { drop = [], add = [] } = (said("capabilities") ?? {}) as Record<string, readonly string[] | undefined>;
  const privileged = said("privileged") === true;
  const mounts = (container["volumeMounts"] ?? []) as Json[];
  return held({
    root,
    capabilities: privileged || (root && (!drop.includes("ALL") || add.length > 0)),
    "gains rights": said("allowPrivilegeEscalation") !== false,
    unfiltered: privileged || inside(said("seccompProfile"), "type") === "Unconfined",
    "writes root": said("readOnlyRootFilesystem") !== true,
    token: mounts.some((one) => String(one["mountPath"]).endsWith(TOKEN)),
  });
}

/** Rights of all containers of some pods by `namespace/container`, those that run before the others among them. */
export function rightsByPods(pods: readonly LiveObject[]): Map<string, Right[]> {
  return new Map(
    pods.flatMap(({ metadata: { namespace }, spec = {} }) =>
      ["initContainers", "containers"].flatMap((key) =>
        ((spec[key] ?? []) as Json[]).map((one): [string, Right[]] => [
          `${namespace}/${String(one["name"])}`,
          rightsByPod(spec, one),
        ]),
      ),
    ),
  );
}

/**
 * Rights that a document allows: the rows of its table whose first column is `namespace/container`, in backquotes, and
 * whose second one names rights.
 *
 * @throws on a right that is none.
 */
export function rightsIn(document: string): Map<string, Right[]> {
  const rows = [...document.matchAll(/^\| *`([a-z0-9-]+\/[a-z0-9-]+)` *\| *([^|]*?) *\| *[^|\s][^|]*\|$/gm)];
  return new Map(
    rows.map(([, name = "", rights = ""]) => {
      const named = rights.split(", ");
      const unknown = named.filter((one) => !(RIGHTS as readonly string[]).includes(one));
      if (unknown.length > 0) throw new Error(`${name}: got ${unknown.join(", ")}. Allowed: ${RIGHTS.join(", ")}.`);
      return [name, RIGHTS.filter((one) => named.includes(one))];
    }),
  );
}
