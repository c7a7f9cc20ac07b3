/** Confluent's REST proxy, by which programs that do not speak Kafka write into topics. */
import { z } from "zod";
import { count } from "../../values/forms";
import { COUNTS } from "../../values/limits";
import { resources } from "../../values/resources";
import type { SiteOf, System } from "../../values/system";
import { topicPrefix } from "../kafka/topic-forms";

/** What the REST proxy gets when a site says nothing. */
export const REST_PROXY_DEFAULTS = {
  /** Ours: a restart leaves one that answers. Sasquatch has three. */
  replicas: 2,
  /**
   * Ours; half of the limit is heap. Sasquatch has 8Gi, all of which is heap, in clusters of many hosts; a few programs
   * write some messages a second here.
   */
  resources: { requests: { cpu: "100m", memory: "1Gi" }, limits: { cpu: "1", memory: "2Gi" } },
} as const;

const schema = {
  restProxy: z
    .strictObject({
      prefixes: z
        .array(topicPrefix())
        .min(1)
        .describe("What it may create and write, by the beginning of the topics' names"),
      replicas: count(COUNTS.replicas).default(REST_PROXY_DEFAULTS.replicas),
      resources: resources(REST_PROXY_DEFAULTS.resources, { java: true }).describe(
        "Half of the memory's limit is heap",
      ),
    })
    .describe("Confluent's REST proxy, by which programs write that do not speak Kafka; left out, there is none")
    .optional(),
};

/** What a site's file says of the REST proxy. */
export type RestProxySite = SiteOf<typeof schema>;

/** The REST proxy. */
export const restProxy = {
  schema,
  pods: ({ restProxy }) =>
    restProxy ? [{ path: ["restProxy", "resources"], ...restProxy.resources, pods: restProxy.replicas }] : [],
  hosts: ({ restProxy }) => (restProxy ? ["rest-proxy"] : []),
  topics: ({ restProxy }) =>
    restProxy ? [{ path: ["restProxy", "prefixes"], names: restProxy.prefixes, kind: "prefixes" }] : [],
  reservedNames: { accounts: ["rest-proxy"], secrets: ["rest-proxy-auth", "rest-proxy-tls"] },
} satisfies System<RestProxySite>;
