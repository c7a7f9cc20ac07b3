/** The schema registry. */
import { z } from "zod";
import { count } from "../../values/forms";
import { COUNTS } from "../../values/limits";
import { resources } from "../../values/resources";
import type { SiteOf, System } from "../../values/system";

/** What the schema registry gets when a site says nothing. */
export const REGISTRY_DEFAULTS = {
  /** Sasquatch, 2026-08: Telegraf drops what it reads while no registry answers. */
  replicas: 3,
  resources: { requests: { cpu: "100m", memory: "1Gi" }, limits: { cpu: "1", memory: "2Gi" } },
} as const;

const schema = {
  registry: z
    .strictObject({
      replicas: count(COUNTS.replicas).default(REGISTRY_DEFAULTS.replicas),
      resources: resources(REGISTRY_DEFAULTS.resources, { java: true }),
      modeIsMutable: z
        .boolean()
        .default(false)
        .describe("Whether its mode may be changed while it runs, to READONLY or IMPORT where schemas are copies"),
    })
    .prefault({}),
};

/** What a site's file says of the schema registry. */
export type RegistrySite = SiteOf<typeof schema>;

/** The schema registry. */
export const registry = {
  schema,
  pods: ({ registry }) => [{ path: ["registry", "resources"], ...registry.resources, pods: registry.replicas }],
  hosts: () => ["schema-registry"],
  reservedNames: {
    accounts: ["schema-registry"],
    topics: ["_schemas"],
    secrets: ["schema-registry-auth", "schema-registry-tls"],
  },
} satisfies System<RegistrySite>;
