/** Kafka Connect and its connectors. */
import { bytes } from "../../../ground/units";
import { SIZES } from "../../values/limits";
import { type Path, type SiteRule, type Warning, when } from "../../values/rule";
import type { System } from "../../values/system";
import { type ConnectSite, schema } from "./schema";

/** Java takes memory beside its heap: at least as much as limits of memory of Java's programs are not below. */
const heapFitsLimit: SiteRule<ConnectSite> = ({ connect }) =>
  when(
    connect !== undefined &&
      bytes(connect.heap) + bytes(SIZES.javaLimit.least) > bytes(connect.resources.limits.memory),
    ["connect", "heap"],
    `at least ${SIZES.javaLimit.least} less than ${connect?.resources.limits.memory}, the pod's limit of memory`,
    "lower it or raise the limit",
  );

/** A connector consumes in the group connect-<name>: the workers themselves are the group connect-cluster. */
const groupsAreApart: SiteRule<ConnectSite> = ({ connect }) => [
  ...(connect?.sinks ?? []).flatMap(({ name }, i) => workersGroup(name, ["connect", "sinks", i, "name"])),
  ...(connect?.s3 ? workersGroup(connect.s3.name, ["connect", "s3", "name"]) : []),
];

const workersGroup = (name: string, path: Path) =>
  when(name === "cluster", path, "any name but cluster, whose consumer group would be the workers' own", "rename it");

/** Stream Reactor's sink into InfluxDB, 5.0.1 to 10.0.5, hands points over and commits their offsets without an answer. */
function sinksLosePoints({ connect }: ConnectSite): Warning[] {
  return connect && connect.sinks.length > 0
    ? [
        {
          path: ["connect", "sinks"],
          what: "the connector does not wait for InfluxDB, so what a new password, a missing database or an outage of over three minutes keeps out is lost, while Kafka's offsets move on",
          remedy: "write the topics into telegraf.consumers, which try again",
        },
      ]
    : [];
}

/** Kafka Connect. */
export const connect = {
  schema,
  rules: [heapFitsLimit, groupsAreApart],
  pods: ({ connect }) =>
    connect ? [{ path: ["connect", "resources"], ...connect.resources, pods: connect.replicas }] : [],
  uniqueNames: ({ connect }) =>
    connect
      ? [
          { path: ["connect"], names: [...connect.sinks, ...(connect.s3 ? [connect.s3] : [])].map(({ name }) => name) },
          ...connect.sinks.flatMap(({ topics, tags }, i) => [
            { path: ["connect", "sinks", i, "topics"], names: topics, remedy: "leave one of them out" },
            { path: ["connect", "sinks", i, "tags"], names: tags, remedy: "leave one of them out" },
          ]),
        ]
      : [],
  sinks: ({ connect }) => (connect?.sinks ?? []).map((sink, i) => ({ ...sink, path: ["connect", "sinks", i] })),
  warnings: sinksLosePoints,
  topics: ({ connect }) => [
    ...(connect?.sinks ?? []).map(({ topics }, i) => ({
      path: ["connect", "sinks", i, "topics"],
      names: topics,
      kind: "whole" as const,
    })),
    ...(connect?.s3
      ? [{ path: ["connect", "s3", "topics"], names: connect.s3.topics, kind: "patterns" as const }]
      : []),
  ],
  reservedNames: {
    accounts: ["connect"],
    topics: ["connect-configs", "connect-offsets", "connect-status"],
    secrets: ["influxdb-connect", "aws-secret"],
  },
  foreignAccounts: ({ connect }) => (connect?.s3 ? ["connect.s3 needs an AWS account"] : []),
} satisfies System<ConnectSite>;
