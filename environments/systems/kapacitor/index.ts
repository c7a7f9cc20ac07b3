/** Kapacitor, which runs tasks and alerts. */
import { z } from "zod";
import { NAMESPACE } from "../../../ground/namespaces";
import { disk } from "../../values/quantities";
import { resources } from "../../values/resources";
import type { SiteOf, System } from "../../values/system";

/** What Kapacitor gets when a site says nothing. */
export const KAPACITOR_DEFAULTS = {
  resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "2", memory: "4Gi" } },
} as const;

const schema = {
  kapacitor: z.strictObject({ disk: disk(), resources: resources(KAPACITOR_DEFAULTS.resources) }),
};

/** What a site's file says of Kapacitor. */
export type KapacitorSite = SiteOf<typeof schema>;

/** Kapacitor. */
export const kapacitor = {
  schema,
  pods: ({ kapacitor }) => [{ path: ["kapacitor", "resources"], ...kapacitor.resources, pods: 1 }],
  volumes: ({ kapacitor }) => [{ size: kapacitor.disk, volumes: 1 }],
  namespaces: () => [NAMESPACE.kapacitor],
} satisfies System<KapacitorSite>;
