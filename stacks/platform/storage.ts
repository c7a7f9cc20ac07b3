import type { Construct } from "constructs";
import { classPath, nodePath, PROVISIONER_PATH } from "../../constructs/cluster/k3s-node";
import type { Namespaces } from "../../constructs/namespaces/namespaces";
import { GcePersistentDisks } from "../../constructs/storage/gce-persistent-disks";
import { LocalPathProvisioner, type NodePath } from "../../constructs/storage/local-path-provisioner";
import { type K3s, provisionerOf } from "../../environments/systems/cluster/nodes";
import type { Environment } from "../../environments/schema";
import { NAMESPACE } from "../../ground/namespaces";

/** Storage classes of a site, and the provisioner that is ours. */
export function addStorage(scope: Construct, site: Environment, namespaces: Namespaces): void {
  const { cluster, storage } = site;
  const { className, classes } = storage;
  switch (provisionerOf(site)) {
    case "none":
      return;
    case "gce-pd":
      new GcePersistentDisks(scope, "gce-persistent-disks", { className, classes: classes.map(({ name }) => name) });
      return;
    case "local-path": {
      // Nodes of k3s see a folder of their machine under another path.
      const defaultPath = cluster.kind === "existing" ? cluster.hostPath : PROVISIONER_PATH;
      const pathOf = (name: string, hostPath?: string) =>
        hostPath === undefined ? defaultPath : cluster.kind === "existing" ? hostPath : classPath(name);
      const nodePaths = cluster.kind === "k3s" ? nodePathsOf(cluster) : [];
      new LocalPathProvisioner(scope, "local-path-provisioner", {
        className,
        defaultPath,
        nodePaths,
        classes: classes.map(({ name, hostPath }) => ({
          name,
          path: pathOf(name, hostPath),
          nodePaths: hostPath === undefined ? nodePaths : [],
        })),
        dependsOn: [namespaces.get(NAMESPACE.localPathStorage)],
      });
    }
  }
}

/** Nodes whose volumes are in a folder of their own. */
function nodePathsOf({ agents }: K3s): NodePath[] {
  return agents.flatMap(({ name, hostPath }) =>
    hostPath === undefined ? [] : [{ node: name, paths: [nodePath(name)] }],
  );
}
