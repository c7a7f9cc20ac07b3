/** Chronograf, which shows dashboards. */
import { z } from "zod";
import { NAMESPACE } from "../../../ground/namespaces";
import { disk } from "../../values/quantities";
import { resources } from "../../values/resources";
import type { SiteOf, System } from "../../values/system";

/** What Chronograf gets when a site says nothing. */
export const CHRONOGRAF_DEFAULTS = {
  resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "2", memory: "4Gi" } },
} as const;

const schema = {
  chronograf: z.strictObject({ disk: disk(), resources: resources(CHRONOGRAF_DEFAULTS.resources) }),
};

/** What a site's file says of Chronograf. */
export type ChronografSite = SiteOf<typeof schema>;

/** Chronograf. */
export const chronograf = {
  schema,
  pods: ({ chronograf }) => [{ path: ["chronograf", "resources"], ...chronograf.resources, pods: 1 }],
  volumes: ({ chronograf }) => [{ size: chronograf.disk, volumes: 1 }],
  hosts: () => ["chronograf"],
  namespaces: () => [NAMESPACE.chronograf],
  reservedNames: { databases: ["chronograf"] },
} satisfies System<ChronografSite>;
