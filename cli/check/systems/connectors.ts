/** Connectors of Kafka Connect, as its workers report them: a connector can be RUNNING while its tasks are not. */
import { KAFKA_CLUSTER } from "../../../constructs/kafka/resources";
import { UserError } from "../../../ground/errors";
import { NAMESPACE } from "../../../ground/namespaces";
import { type Consumer, consumersOf } from "../../shared/ingest/consumers";
import type { CheckProps, Verdict } from "../model/verdict";

/** Service and port of the workers' interface, which Strimzi makes. */
const WORKERS = { namespace: NAMESPACE.kafka, service: `${KAFKA_CLUSTER}-connect-api`, port: 8083 };
/** Letters of a task's error that are shown. */
const REASON = 200;

interface Status {
  readonly connector: { readonly state: string; readonly trace?: string };
  readonly tasks: readonly { readonly id: number; readonly state: string; readonly trace?: string }[];
}

/** One verdict for each connector of the site. */
export async function connectorVerdicts({ site, clients }: CheckProps): Promise<Verdict[]> {
  const connectors = consumersOf(site).filter(({ kind }) => kind === "connect");
  if (connectors.length === 0) return [];
  const { status, text } = await clients.inside(WORKERS).ask({ path: "/connectors?expand=status" });
  if (status !== 200) throw new UserError(`Kafka Connect answers with status ${status}, not with its connectors`);
  const found = JSON.parse(text) as Readonly<Record<string, { readonly status: Status }>>;
  return connectors.map((connector) => connectorVerdict(connector, found[connector.name]?.status));
}

/** The first line of a trace of Java, cut: what comes behind are places in its code. */
function reason(trace = "no reason given"): string {
  const lines = trace.split("\n").filter((line) => line.trim() !== "");
  const cause = lines.findLast((line) => line.startsWith("Caused by: ")) ?? lines[0] ?? "";
  return cause.replace(/^Caused by: /, "").slice(0, REASON);
}

function connectorVerdict({ name }: Consumer, status: Status | undefined): Verdict {
  const verdict = { what: `tasks of ${name}`, healthy: "the connector and each of its tasks are RUNNING" };
  const remedy = `start it again once the reason is gone: kubectl -n ${NAMESPACE.kafka} annotate kafkaconnector ${name} strimzi.io/restart=includeTasks`;
  const page = "docs/operations.md";
  if (!status)
    return {
      level: "fail",
      ...verdict,
      measured: "the workers do not have this connector",
      remedy: `see what Strimzi says: kubectl -n ${NAMESPACE.kafka} describe kafkaconnector ${name}`,
    };
  const { connector, tasks } = status;
  const failed = tasks.filter(({ state }) => state === "FAILED");
  if (connector.state === "FAILED")
    return {
      level: "fail",
      ...verdict,
      measured: `the connector is FAILED: ${reason(connector.trace)}`,
      remedy,
      page,
    };
  if (failed.length > 0)
    return {
      level: "fail",
      ...verdict,
      measured: `the connector is ${connector.state}, ${failed.length} of ${tasks.length} tasks are FAILED: ${reason(failed[0]?.trace)}`,
      remedy,
      page,
    };
  const others = [connector, ...tasks].filter(({ state }) => state !== "RUNNING").map(({ state }) => state);
  if (others.length > 0 || tasks.length === 0)
    return {
      level: "warn",
      ...verdict,
      measured: tasks.length === 0 ? `the connector is ${connector.state} and has no task` : `some are ${others[0]}`,
      remedy: "look again in a minute; PAUSED and STOPPED were asked for by somebody",
    };
  return { level: "ok", ...verdict, measured: `all ${tasks.length} tasks are RUNNING` };
}
