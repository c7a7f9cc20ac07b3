/** How full the volumes of pods are, as the kubelets of their nodes measure them. */
import { UserError } from "../../../ground/errors";
import type { SiteClients } from "../../shared/clients/clients";
import { size } from "../../shared/terminal/output";
import type { Verdict } from "../model/verdict";

/** A volume that is mounted. */
interface VolumeUse {
  readonly claim: string;
  readonly used: number;
  readonly capacity: number;
}

/** What a kubelet answers of its pods, as far as we read it. */
interface Summary {
  readonly pods?: readonly {
    readonly volume?: readonly {
      readonly pvcRef?: { readonly name: string; readonly namespace: string };
      readonly capacityBytes?: number;
      readonly availableBytes?: number;
    }[];
  }[];
}

/** Shares of a volume that are in use, from which on it is said. The measure is of the file system: local-path does not divide it. */
const FULL = { warn: 0.8, fail: 0.9 } as const;

/**
 * The volumes of a namespace that are mounted, by the names of their claims. Nodes that do not answer are left out.
 *
 * @throws {UserError} when the API server does not answer, or no node does.
 */
async function volumesIn(cluster: SiteClients["cluster"], namespace: string): Promise<VolumeUse[]> {
  const nodes = await cluster.list("/api/v1/nodes");
  const problems: UserError[] = [];
  const answers = await Promise.all(
    nodes.map(({ metadata: { name } }) =>
      cluster.get(`/api/v1/nodes/${name}/proxy/stats/summary`).catch((error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        problems.push(error);
        return undefined;
      }),
    ),
  );
  if (problems[0] && problems.length === nodes.length) throw problems[0];
  return answers
    .flatMap((answer) => (answer as Summary | undefined)?.pods ?? [])
    .flatMap(({ volume = [] }) =>
      volume.flatMap(({ pvcRef, capacityBytes = 0, availableBytes = 0 }) =>
        pvcRef?.namespace === namespace && capacityBytes > 0
          ? [{ claim: pvcRef.name, used: capacityBytes - availableBytes, capacity: capacityBytes }]
          : [],
      ),
    );
}

/**
 * One verdict for each claim of a namespace: how much of its file system is in use. Claims that no running pod mounts are
 * `unknown`.
 *
 * @param full what happens when it is full, for the remedy: `brokers stop`.
 */
export async function volumeVerdicts(
  cluster: SiteClients["cluster"],
  namespace: string,
  claims: readonly string[],
  full: string,
): Promise<Verdict[]> {
  const found = new Map((await volumesIn(cluster, namespace)).map((one) => [one.claim, one]));
  const healthy = `less than ${FULL.warn * 100} % in use`;
  return claims.map((claim) => {
    const what = `volume ${claim}`;
    const volume = found.get(claim);
    if (!volume)
      return {
        level: "unknown",
        what,
        measured: "no kubelet measures it",
        healthy,
        remedy: `see whether its pod runs: kubectl -n ${namespace} get pods,pvc`,
      };
    const share = volume.used / volume.capacity;
    const measured = `${Math.round(share * 100)} % of ${size(volume.capacity)} in use`;
    if (share < FULL.warn) return { level: "ok", what, measured, healthy };
    return {
      level: share < FULL.fail ? "warn" : "fail",
      what,
      measured,
      healthy,
      remedy: `make room or shorten the retention: when it is full, ${full}`,
      page: "docs/operations.md",
    };
  });
}
