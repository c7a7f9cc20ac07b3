/** Paths of objects at the API server. */
import type { ObjectJson } from "../../../synthesized/stack";

/** The path of an object that has a namespace. */
export function pathOf({ apiVersion, kind, metadata }: ObjectJson): string {
  const group = apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`;
  const singular = kind.toLowerCase();
  const plural = singular.endsWith("s") ? `${singular}es` : `${singular}s`;
  const place = kind.startsWith("Cluster") ? "" : `/namespaces/${metadata.namespace}`;
  return `/${group}${place}/${plural}/${metadata.name}`;
}
