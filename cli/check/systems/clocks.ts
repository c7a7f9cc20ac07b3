/** Checks of clocks: points of a clock that is wrong are older or newer than they are, and certificates not yet valid. */
import { messageOf, UserError } from "../../../ground/errors";
import { inside } from "../../../synthesized/stack";
import { INFLUXDB_SERVICE } from "../../shared/clients/site-clients";
import type { LiveObject } from "../../shared/kubernetes/client";
import { conditionOf } from "../../shared/kubernetes/conditions";
import { secondsAgo } from "./objects";
import type { Check, CheckProps, Verdict } from "../model/verdict";

/** Seconds that a clock may differ from this machine's: HTTP says the time to the second, and an answer takes a while. */
const SMALL = 3;
/** Seconds from which a consumer's data are a minute out, and TLS begins to refuse. */
const LARGE = 60;
/** Seconds between two signs of life of a kubelet, and those after which the cluster takes its node for lost. */
const [RENEWED, LOST] = [10, 40];
const HEALTHY = `within ${SMALL} s of this machine's clock`;

/**
 * A verdict of a clock that is so many seconds before this machine's; behind it where that is negative.
 *
 * @param margin - seconds by which that may be wrong
 */
function judge(what: string, ahead: number, margin = 0): Verdict {
  const off = Math.max(0, Math.abs(ahead) - margin);
  const common = { what: `clock of ${what}`, healthy: HEALTHY };
  if (off <= SMALL) return { ...common, level: "ok", measured: `differs by less than ${SMALL} s` };
  return {
    ...common,
    level: off < LARGE ? "warn" : "fail",
    measured: `${Math.round(off)} s ${ahead > 0 ? "ahead of" : "behind"} this machine's`,
    remedy: "see which of the two is wrong (chronyc tracking, timedatectl), and let it follow a time server",
  };
}

/** A question, the time of this machine in the middle of it, and seconds from there to its ends. */
async function timed<T>(now: () => number, ask: () => Promise<T>) {
  const start = now();
  const answer = await ask();
  const end = now();
  return { answer, middle: (start + end) / 2, margin: (end - start) / 2000 };
}

/** HTTP cuts the time to the second: on average the clock shows half a second more. */
const CUT = 500;

async function apiServer({ clients, now }: CheckProps): Promise<Verdict[]> {
  const { answer, middle, margin } = await timed(now, () => clients.cluster.clock());
  return answer === undefined ? [] : [judge("the API server", (answer + CUT - middle) / 1000, margin)];
}

/** InfluxDB's clock decides what retention removes. Whether it answers at all its own subject says. */
async function influxdb({ clients, now }: CheckProps): Promise<Verdict[]> {
  try {
    const { answer, middle, margin } = await timed(now, () => clients.inside(INFLUXDB_SERVICE).ask({ path: "/ping" }));
    const date = Date.parse(String(answer.headers["date"]));
    return Number.isNaN(date) ? [] : [judge("InfluxDB", (date + CUT - middle) / 1000, margin)];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [
      {
        level: "unknown",
        what: "clock of InfluxDB",
        measured: messageOf(error),
        healthy: HEALTHY,
        remedy: "see subject influxdb",
      },
    ];
  }
}

/** Nodes write the time of their sign of life by their own clock. */
async function nodes({ clients, now }: CheckProps): Promise<Verdict[]> {
  const [all, leases] = await Promise.all([
    clients.cluster.list("/api/v1/nodes"),
    clients.cluster.list("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"),
  ]);
  return all.flatMap((node) => {
    const { name } = node.metadata;
    const lease = leases.find(({ metadata }) => metadata.name === name);
    const ago = lease && isAlive(node) ? secondsAgo(inside(lease, "spec", "renewTime"), now()) : undefined;
    if (ago === undefined) return [];
    // A sign of life is up to so old; an old one of a node that lives was written by a clock that is behind.
    const ahead = ago < 0 ? -ago : ago > LOST ? RENEWED / 2 - ago : 0;
    return [judge(`node ${name}`, ahead)];
  });
}

const isAlive = (node: LiveObject): boolean => conditionOf(node, "Ready")?.status === "True";

/** Checks of clocks. */
export const clockChecks: readonly Check[] = [
  {
    subject: "host",
    title: "clocks",
    seconds: 15,
    run: async (props) => (await Promise.all([apiServer(props), nodes(props), influxdb(props)])).flat(),
  },
];
