/** Custom resources that their operators report as not ready, also in a layer that is applied. */
import { inside, type Json, type ObjectJson, type StackView } from "../../../synthesized/stack";
import type { KubernetesApi } from "./client";

/** API paths of the lists that the stack's own Jobs wait for (constructs/kubernetes/ready-job.ts). */
function awaited(stack: StackView): string[] {
  const versions = new Map(
    stack.customResources().map(({ apiVersion }) => [apiVersion.replace(/\/.*/, ""), apiVersion]),
  );
  return stack.resources("kubernetes_job_v1").flatMap(({ body }) => {
    const container = inside(body, "spec", "template", "spec", "container");
    const args = inside(container, "args");
    const words = Array.isArray(args) ? args.map(String) : [];
    const selector = words.find((word) => word.startsWith("--selector="))?.slice("--selector=".length);
    if (words[0] !== "wait" || selector === undefined) return [];
    return (words.at(-1) ?? "").split(",").map((kind) => {
      const [plural = "", ...group] = kind.split(".");
      return `/apis/${versions.get(group.join("."))}/${plural}?labelSelector=${encodeURIComponent(selector)}`;
    });
  });
}

/**
 * One line for each object whose operator says that it is not ready. An object without that
 * condition is skipped: the Job that waits for it reports it.
 *
 * @throws {UserError} when the API does not answer or refuses.
 */
export async function notReadyLines(stack: StackView, api: Pick<KubernetesApi, "get">): Promise<string[]> {
  const lists = await Promise.all(awaited(stack).map((path) => api.get(path)));
  return lists.flatMap((list) => ((list?.["items"] ?? []) as ObjectJson[]).flatMap((one) => notReadyLine(one) ?? []));
}

function notReadyLine(object: ObjectJson): string | undefined {
  const conditions = ((object["status"] as Json | undefined)?.["conditions"] ?? []) as Json[];
  const ready = conditions.find(({ type }) => type === "Ready");
  if (ready?.["status"] !== "False") return undefined;
  const { kind, metadata } = object;
  const place = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
  const reason = ready["message"] ?? ready["reason"] ?? "its operator does not say why";
  return `${kind} ${place} is not ready since ${String(ready["lastTransitionTime"])}: ${String(reason)}`;
}
