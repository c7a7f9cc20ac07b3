/** Namespaces of a site. */
import { type NamespaceName, POD_SECURITY } from "../../ground/namespaces";
import type { Environment } from "../schema";
import { all } from "./systems";

/** The namespaces that a site has, in the order in which they are made. */
export function namespacesOf(site: Environment): NamespaceName[] {
  const wanted = new Set(all(site, ({ namespaces }) => namespaces));
  return (Object.keys(POD_SECURITY) as NamespaceName[]).filter((name) => wanted.has(name));
}
