/** LOVE of every site that has it, and of two that are in no list: by TSTN-046, and with a database of its own. */
import type { StackView } from "../../../synthesized/stack";
import { siteWith } from "../../support/environment";
import { withLove } from "../../support/love/cases";
import { tstn046Site } from "../../support/love/tstn046";
import { stack, stacksOf } from "../../support/sites";
import { at } from "../support";

const made = new Map<unknown, StackView[]>();

/** A stack of a made-up site, which is synthesized once. */
function layerOf(input: unknown, layer: string): StackView {
  const stacks = made.get(input) ?? stacksOf(input);
  made.set(input, stacks);
  return stacks.find((one) => one.layer === layer) as StackView;
}

/** Sites with LOVE. */
export const LOVE_SITES: readonly string[] = ["summit", "tucson"];

/** The small site with LOVE: a database of its own, and nothing outside. */
export const SMALL = siteWith(withLove());

/** The same with Vault and backups of its views. */
const SAVED = siteWith({
  ...withLove({ objectStore: { endpoint: "https://s3.example.org", instance: "toy" } }),
  secrets: { kind: "vault", server: "https://vault.example.org", mount: "secret", path: "toy/efd" },
});

/** What the stacks of a site are, by its name or by what the made-up one is for. */
export const VIEWS: Readonly<Record<string, (layer: string) => StackView>> = {
  ...Object.fromEntries(LOVE_SITES.map((site) => [site, (layer: string) => stack(site, layer)])),
  tstn046: (layer) => layerOf(tstn046Site, layer),
  small: (layer) => layerOf(SMALL, layer),
  saved: (layer) => layerOf(SAVED, layer),
};

/** Whoever has pods: Deployments, Jobs and CronJobs, by the names of their objects. */
export function workloads(view: StackView): { name: string; namespace: string; address: string; pod: unknown }[] {
  return ["kubernetes_deployment_v1", "kubernetes_job_v1", "kubernetes_cron_job_v1"].flatMap((type) =>
    view.resources(type).map(({ address, body }) => ({
      name: String(at(body, "metadata.name")),
      namespace: String(at(body, "metadata.namespace")),
      address,
      pod: at(body, type === "kubernetes_cron_job_v1" ? "spec.job_template.spec.template" : "spec.template"),
    })),
  );
}

/** Labels of a pod. */
export const labelsOf = (pod: unknown): Record<string, string> => at(pod, "metadata.labels") as Record<string, string>;

/** Whether a selector is for these labels; an empty one is for all. */
export const selects = (selector: unknown, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries((selector ?? {}) as Record<string, string>).every(([key, value]) => labels[key] === value);
