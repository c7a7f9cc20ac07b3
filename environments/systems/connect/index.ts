/** Kafka Connect and its connectors. */
import { bytes } from "../../../ground/units";
import { type SiteRule, when } from "../../values/rule";
import type { System } from "../../values/system";
import { type ConnectSite, schema } from "./schema";

/** Java takes memory beside its heap. */
const heapFitsLimit: SiteRule<ConnectSite> = ({ connect }) =>
  when(
    connect !== undefined && bytes(connect.heap) >= bytes(connect.resources.limits.memory),
    ["connect", "heap"],
    `less than ${connect?.resources.limits.memory}, the pod's limit of memory`,
    "lower it or raise the limit",
  );

/** Kafka Connect. */
export const connect = {
  schema,
  rules: [heapFitsLimit],
  pods: ({ connect }) =>
    connect ? [{ path: ["connect", "resources"], ...connect.resources, pods: connect.replicas }] : [],
  uniqueNames: ({ connect }) =>
    connect
      ? [
          { path: ["connect"], names: [...connect.sinks, ...(connect.s3 ? [connect.s3] : [])].map(({ name }) => name) },
          ...connect.sinks.map(({ topics }, i) => ({ path: ["connect", "sinks", i, "topics"], names: topics })),
        ]
      : [],
  sinks: ({ connect }) =>
    (connect?.sinks ?? []).map(({ name, database, topics }, i) => ({
      path: ["connect", "sinks", i],
      name,
      database,
      topics,
    })),
  reservedNames: { accounts: ["connect"], topics: ["connect-configs", "connect-offsets", "connect-status"] },
  foreignAccounts: ({ connect }) => (connect?.s3 ? ["connect.s3 needs an AWS account"] : []),
} satisfies System<ConnectSite>;
