/** The copy of another site's topics. */
import { z } from "zod";
import * as form from "../../values/forms";
import { resources } from "../../values/resources";
import type { Warning } from "../../values/rule";
import type { SiteOf, System } from "../../values/system";
import { tasks } from "../connect/schema";
import { mirroredTopic } from "../kafka/topic-forms";

/** What the mirror gets when a site says nothing. */
export const MIRROR_DEFAULTS = {
  /** Ours: heartbeats and one CSC's telemetry. */
  resources: { requests: { cpu: "250m", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } },
} as const;

const source = z
  .strictObject({
    alias: form.kubernetesNameForm().describe("Short name of the other cluster"),
    bootstrap: form
      .hostAndPort("name where all brokers of the other site are found")
      .describe(
        "Where all its brokers are found, over TLS with a certificate that every system knows: a single broker may be away",
      ),
    user: form.kubernetesNameForm().describe("Account there; its password is the secret mirror-source"),
  })
  .describe("Whose topics are copied");

const schema = {
  mirror: z
    .strictObject({
      source,
      alias: form.kubernetesNameForm().describe("Short name of this site's cluster"),
      topics: z
        .array(mirroredTopic())
        .min(1)
        .describe("What is copied, under the same names; * stands for any characters"),
      tasks: tasks(),
      resources: resources(MIRROR_DEFAULTS.resources, { java: true }),
    })
    .describe("MirrorMaker 2, which copies another site's topics here; left out, there is none")
    .optional(),
};

/** What a site's file says of MirrorMaker 2. */
export type MirrorSite = SiteOf<typeof schema>;

/** A mirror that starts while the one broker that it knows is away finds none. */
function knowsOneBroker({ mirror }: MirrorSite): Warning[] {
  const bootstrap = mirror?.source.bootstrap ?? "";
  return /(^|-)kafka-\d+[-.]/.test(bootstrap)
    ? [
        {
          path: ["mirror", "source", "bootstrap"],
          what: `${bootstrap} is one broker, without which the mirror does not start`,
          remedy: "name the host where all brokers are found: kafka without a number, the port below that of the first",
        },
      ]
    : [];
}

/** MirrorMaker 2. */
export const mirror = {
  schema,
  pods: ({ mirror }) => (mirror ? [{ path: ["mirror", "resources"], ...mirror.resources, pods: 1 }] : []),
  topics: ({ mirror }) => (mirror ? [{ path: ["mirror", "topics"], names: mirror.topics, kind: "patterns" }] : []),
  warnings: knowsOneBroker,
  uniqueNames: ({ mirror }) => (mirror ? [{ path: ["mirror"], names: [mirror.source.alias, mirror.alias] }] : []),
  reservedNames: {
    accounts: ["mirror"],
    topics: ["mirror-configs", "mirror-offsets", "mirror-status"],
    secrets: ["mirror-source"],
  },
  foreignAccounts: ({ mirror }) => (mirror ? ["mirror needs an account of another site"] : []),
} satisfies System<MirrorSite>;
