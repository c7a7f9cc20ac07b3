/** API paths of the objects that Terraform's Kubernetes provider makes. */
import { inside } from "../../../synthesized/stack";
import { BUILT_IN_KINDS } from "./kinds";

const WITHOUT_NAMESPACE = [
  "clusterrolebindings",
  "clusterroles",
  "namespaces",
  "persistentvolumes",
  "priorityclasses",
  "storageclasses",
];

/** An object of the API. */
interface ObjectPath {
  readonly path: string;
  /** Id for an import by the provider. */
  readonly id: string;
}

/**
 * Path of an object of this Terraform type by its planned attributes; undefined for types that are not of Kubernetes, and
 * for `kubernetes_default_service_account_v1`: each namespace has its object from the beginning, and the provider takes it over.
 * The provider names a type after its kind and the version of its API group: `kubernetes_cron_job_v1`.
 */
export function objectPathOf(type: string, planned: unknown): ObjectPath | undefined {
  const [, words = "", version = ""] = /^kubernetes_(\w+)_(v\d+)$/.exec(type) ?? [];
  const kind = words.replaceAll("_", "");
  const end = `${version}/${kind}`;
  const found = [...BUILT_IN_KINDS].find((one) => `/${one.toLowerCase()}`.endsWith(`/${end}`));
  if (found === undefined) return undefined;
  const plural = kind.endsWith("s") ? `${kind}es` : kind.endsWith("y") ? `${kind.slice(0, -1)}ies` : `${kind}s`;
  const group = found.split("/").length === 2 ? `api/${version}` : `apis/${found.slice(0, found.lastIndexOf("/"))}`;
  const name = String(inside(planned, "metadata", "name"));
  if (WITHOUT_NAMESPACE.includes(plural)) return { path: `/${group}/${plural}/${name}`, id: name };
  const namespace = String(inside(planned, "metadata", "namespace") ?? "default");
  return { path: `/${group}/namespaces/${namespace}/${plural}/${name}`, id: `${namespace}/${name}` };
}
