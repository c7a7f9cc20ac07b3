/** Custom resources of Kafka, as their operator reports them. */
import { KAFKA_GROUP } from "../../../constructs/kafka/resources";
import type { ObjectJson } from "../../../synthesized/stack";
import type { LiveObject } from "../../shared/kubernetes/client";
import { conditionsOf, reasonOf } from "../../shared/kubernetes/conditions";
import { unreadiness } from "../../shared/kubernetes/readiness";
import type { CheckProps, Verdict } from "../model/verdict";
import { UNREADY_LEVEL } from "./objects";
import { some } from "../../shared/terminal/some";

/** Kinds, in the order in which they are printed, by the plural names of the API. */
const KINDS: Readonly<Record<string, string>> = {
  Kafka: "kafkas",
  KafkaNodePool: "kafkanodepools",
  KafkaUser: "kafkausers",
  KafkaTopic: "kafkatopics",
  KafkaConnect: "kafkaconnects",
  KafkaConnector: "kafkaconnectors",
  KafkaMirrorMaker2: "kafkamirrormaker2s",
};

const HEALTHY = "there, and ready by what its operator says, without a warning";

/** One verdict for each kind that the site has, and one for each object that is not ready. */
export async function strimziVerdicts({ stacks, clients: { cluster } }: CheckProps): Promise<Verdict[]> {
  const wanted = stacks
    .flatMap((stack) => stack.customResources())
    .filter(({ apiVersion, kind }) => apiVersion.startsWith(`${KAFKA_GROUP}/`) && kind in KINDS);
  const kinds = Object.keys(KINDS).filter((kind) => wanted.some((one) => one.kind === kind));
  const verdicts = await Promise.all(
    kinds.map(async (kind) => {
      const objects = wanted.filter((one) => one.kind === kind);
      const [first] = objects;
      const live = await cluster.list(`/apis/${first?.apiVersion}/namespaces/${namespaceOf(objects)}/${KINDS[kind]}`);
      return ofKind(kind, objects, live);
    }),
  );
  return verdicts.flat();
}

const namespaceOf = ([first]: readonly ObjectJson[]): string => first?.metadata.namespace ?? "kafka";

function ofKind(kind: string, wanted: readonly ObjectJson[], live: readonly LiveObject[]): Verdict[] {
  const wrong = wanted.flatMap(({ metadata: { name } }) =>
    problemsOf(live.find(({ metadata }) => metadata.name === name)).map((problem) => ({ name, ...problem })),
  );
  if (wrong.length === 0) {
    const names = some(wanted.map(({ metadata }) => metadata.name));
    return [{ level: "ok", what: kind, measured: `${wanted.length} ready: ${names}`, healthy: HEALTHY }];
  }
  return wrong.map(({ name, level, measured }) => ({
    level,
    what: `${kind} ${name}`,
    measured,
    healthy: HEALTHY,
    remedy: `see what its operator says: kubectl -n ${namespaceOf(wanted)} describe ${kind.toLowerCase()} ${name}`,
  }));
}

/** What is wrong with an object: what keeps it from being ready, and what its operator warns of. */
function problemsOf(object: LiveObject | undefined): Pick<Verdict, "level" | "measured">[] {
  if (!object)
    return [{ level: "fail", measured: "it is not there: that layer is not deployed, or somebody deleted it" }];
  const unready = unreadiness(object);
  // Of the reasons that Strimzi 1.2.0 has, no site of ours has one when it is well: brokers with a factor of replication
  // and in-sync replicas, an odd number of controllers, volumes that stay. `KafkaMetadataVersion` is there between the two
  // deployments of an upgrade, which it says is incomplete.
  const warnings = conditionsOf(object).filter(({ type, status }) => type === "Warning" && status === "True");
  return [
    ...(unready ? [{ level: UNREADY_LEVEL[unready.state], measured: unready.why }] : []),
    ...warnings.map((one) => ({ level: "warn" as const, measured: `its operator warns: ${reasonOf(one)}` })),
  ];
}
