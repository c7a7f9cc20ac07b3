/** Classes of volumes, and the provisioner that makes volumes on nodes of k3s. */
import type { GeneralSite } from "../../general/site";
import { NAMESPACE } from "../../../ground/namespaces";
import { fixedPods, type Share, type System } from "../../values/system";
import { provisionerOf } from "../cluster/nodes";
import type { ClusterSite } from "../cluster/schema";
import { rules } from "./rules";
import { classesOf, schema, type StorageSite } from "./schema";

/** The local-path provisioner. */
export const LOCAL_PATH_PROVISIONER = { cpu: "10m", memory: "32Mi", limit: "128Mi" } as const satisfies Share;

/** Storage. */
export const storage = {
  schema,
  rules,
  pods: (site) => (provisionerOf(site) === "local-path" ? [fixedPods(LOCAL_PATH_PROVISIONER)] : []),
  namespaces: (site) => (provisionerOf(site) === "local-path" ? [NAMESPACE.localPathStorage] : []),
  uniqueNames: (site) => [
    {
      path: ["storage", "classes"],
      names: classesOf(site),
      remedy: "leave one of them out, for storage.className is a class without an entry",
    },
  ],
} satisfies System<ClusterSite & StorageSite & Pick<GeneralSite, "chartSource">>;
