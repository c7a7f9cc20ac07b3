/** Custom resources of Kafka, as their operator reports them. */
import { KAFKA_GROUP } from "../../../constructs/kafka/resources";
import { inside, type ObjectJson } from "../../../synthesized/stack";
import type { LiveObject } from "../../shared/kubernetes/client";
import type { CheckProps, Verdict } from "../model/verdict";
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

const PAUSED = "strimzi.io/pause-reconciliation";
const HEALTHY = "there, and ready by what its operator says";

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
  const wrong = wanted.flatMap((one) => {
    const problem = problemOf(live.find(({ metadata }) => metadata.name === one.metadata.name));
    return problem === undefined ? [] : [{ name: one.metadata.name, ...problem }];
  });
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

/** What is wrong with an object; undefined where nothing is. */
function problemOf(object: LiveObject | undefined): Pick<Verdict, "level" | "measured"> | undefined {
  if (!object)
    return { level: "fail", measured: "it is not there: that layer is not deployed, or somebody deleted it" };
  const { kind, status, metadata } = object;
  const conditions = (inside(status, "conditions") ?? []) as Readonly<Record<string, string>>[];
  const says = (wanted: string) => conditions.find(({ type }) => type === wanted);
  if (says("ReconciliationPaused")?.["status"] === "True")
    return {
      level: "warn",
      measured: `its operator was told to leave it alone (annotation ${PAUSED}), as npm run power does while it is stopped`,
    };
  const ready = says("Ready");
  if (ready && ready["status"] !== "True")
    return {
      level: "fail",
      measured: `not ready since ${ready["lastTransitionTime"]}: ${ready["message"] ?? ready["reason"] ?? "its operator does not say why"}`,
    };
  const seen = inside(status, "observedGeneration");
  // A pool has no condition; the operator writes which nodes it has.
  if (!ready && (kind !== "KafkaNodePool" || seen === undefined))
    return { level: "fail", measured: "its operator has not looked at it: see whether Strimzi runs" };
  if (typeof seen === "number" && metadata.generation !== undefined && seen < metadata.generation)
    return { level: "warn", measured: "its operator has not looked at its last change yet" };
  return undefined;
}
