import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { LOCAL_PATH_PROVISIONER } from "../../environments/systems/storage";
import { NAMESPACE } from "../../ground/namespaces";
import { stateful } from "../core/stateful";
import { literal, stableJson } from "../../synthesized/text";
import { toYaml } from "../../synthesized/yaml";
import { image } from "../../ground/versions";
import { labels, RESTARTABLE, selectorLabels } from "../kubernetes/objects";
import { restrictedTemplate, shareResources } from "../kubernetes/workload";

/** Folders in which volumes of one node are made. */
export interface NodePath {
  /** Name of a node. */
  readonly node: string;
  /** Absolute folders, of which each volume uses one. An empty list means that the node gets no volumes. */
  readonly paths: readonly string[];
}

/** A class whose volumes are in a folder of their own. */
export interface LocalPathClass {
  /** Name of the storage class. */
  readonly name: string;
  /** Absolute folder of every node that is not listed. */
  readonly path: string;
  /** Folders of single nodes. @default - none */
  readonly nodePaths?: readonly NodePath[];
}

/** The provisioner of volumes that are folders of their node. */
export interface LocalPathProvisionerProps {
  /** Name of the storage class. */
  readonly className: string;
  /** Folder for nodes that are not listed. */
  readonly defaultPath: string;
  /** Folders of single nodes. @default - every node uses the default path */
  readonly nodePaths?: readonly NodePath[];
  /** More storage classes. @default - none */
  readonly classes?: readonly LocalPathClass[];
  readonly dependsOn: ITerraformDependable[];
}

/** Name of the entry for nodes that are not listed. */
const OTHER_NODES = "DEFAULT_PATH_FOR_NON_LISTED_NODES";
const NAME = "local-path-provisioner";
const ACCOUNT = "local-path-provisioner-service-account";
const ROLE = "local-path-provisioner-role";
const BINDING = "local-path-provisioner-bind";

/**
 * The node path map as the provisioner reads it.
 *
 * @throws when a path is relative, `/` or named twice for a node, or a node is named twice: the provisioner
 * would log the mistake and go on with its last map.
 */
export function nodePathMap(defaultPath: string, nodePaths: readonly NodePath[]): NodePath[] {
  const map = [{ node: OTHER_NODES, paths: [defaultPath] }, ...nodePaths];
  const mistakes = map.flatMap(({ node, paths }, i) => [
    ...(map.findIndex((other) => other.node === node) < i
      ? [`got node ${node} twice. Allowed: once. Merge its paths.`]
      : []),
    ...paths.flatMap((path, j) => [
      ...(/^\/[^/]/.test(path)
        ? []
        : [`got path ${JSON.stringify(path)} of node ${node}. Allowed: an absolute folder below /. Correct it.`]),
      ...(paths.indexOf(path) < j ? [`got path ${path} of node ${node} twice. Allowed: once. Remove one.`] : []),
    ]),
  ]);
  if (mistakes.length > 0) throw new Error(mistakes.join("\n"));
  return map;
}

/**
 * The provisioner's configuration: one map, or one for each class, which then must have every class.
 */
function mapOrMaps({ className, defaultPath, nodePaths = [], classes = [] }: LocalPathProvisionerProps): object {
  const own = { nodePathMap: nodePathMap(defaultPath, nodePaths) };
  if (classes.length === 0) return own;
  const others = classes.map(
    ({ name, path, nodePaths: ofClass = [] }) => [name, { nodePathMap: nodePathMap(path, ofClass) }] as const,
  );
  return { storageClassConfigs: { [className]: own, ...Object.fromEntries(others) } };
}

/** rancher/local-path-provisioner as typed objects, and storage classes of ours that keep released volumes. */
export class LocalPathProvisioner extends Construct {
  /** The storage class. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: LocalPathProvisionerProps) {
    super(scope, id);
    const { dependsOn } = props;
    const account = new ServiceAccountV1(this, "account", {
      metadata: named(ACCOUNT),
      automountServiceAccountToken: false,
      dependsOn,
    });
    const rights = this.addRights(account, dependsOn);
    const configuration = configurationOf(props);
    const config = new ConfigMapV1(this, "config", {
      metadata: named("local-path-config"),
      data: configuration,
      dependsOn,
    });
    const deployment = new DeploymentV1(this, "deployment", {
      metadata: named(NAME),
      lifecycle: RESTARTABLE,
      dependsOn: rights,
      spec: {
        replicas: "1",
        selector: { matchLabels: selectorLabels(NAME) },
        template: template(account, config, stableJson(configuration)),
      },
    });
    this.ready = this.addClass("class", "local_path", props.className, deployment);
    for (const { name } of props.classes ?? []) this.addClass(`class-${name}`, `local_path_${name}`, name, deployment);
  }

  /** Rights on pods of its own namespace, and on volumes of all. */
  private addRights(account: ServiceAccountV1, dependsOn: ITerraformDependable[]): ITerraformDependable[] {
    const clusterWide = (name: string) => ({ name, labels: labels(NAME) });
    const subject = [{ kind: "ServiceAccount", name: account.metadata.name, namespace: NAMESPACE.localPathStorage }];
    const read = ["get", "list", "watch"];
    const write = [...read, "create", "patch", "update", "delete"];
    const apiGroup = "rbac.authorization.k8s.io";
    const role = new RoleV1(this, "role", {
      metadata: named(ROLE),
      rule: [{ apiGroups: [""], resources: ["pods"], verbs: write }],
      dependsOn,
    });
    const binding = new RoleBindingV1(this, "binding", {
      metadata: named(BINDING),
      roleRef: { apiGroup, kind: "Role", name: role.metadata.name },
      subject,
    });
    const clusterRole = new ClusterRoleV1(this, "cluster-role", {
      metadata: clusterWide(ROLE),
      rule: [
        {
          apiGroups: [""],
          resources: ["nodes", "persistentvolumeclaims", "configmaps", "pods", "pods/log"],
          verbs: read,
        },
        { apiGroups: [""], resources: ["persistentvolumes"], verbs: write },
        { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
        { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: read },
      ],
    });
    const clusterBinding = new ClusterRoleBindingV1(this, "cluster-binding", {
      metadata: clusterWide(BINDING),
      roleRef: { apiGroup, kind: "ClusterRole", name: clusterRole.metadata.name },
      subject,
    });
    return [binding, clusterBinding];
  }

  private addClass(id: string, address: string, name: string, deployment: DeploymentV1): StorageClassV1 {
    return stateful(
      new StorageClassV1(this, id, {
        // By default volumes are of the type hostPath, for which a kubelet makes a folder that is not there. One of the
        // type local it refuses then: a disk that is not mounted is no empty volume.
        metadata: { name, labels: labels(NAME), annotations: { defaultVolumeType: "local" } },
        storageProvisioner: "rancher.io/local-path",
        reclaimPolicy: "Retain",
        volumeBindingMode: "WaitForFirstConsumer",
        // A rebuilt cluster makes the same folder for the same PVC and finds its data again.
        parameters: { pathPattern: "{{ .PVC.Namespace }}/{{ .PVC.Name }}/" },
        dependsOn: [deployment],
      }),
      address,
    );
  }
}

function named(name: string) {
  return { name, namespace: NAMESPACE.localPathStorage, labels: labels(NAME) };
}

/** Files of the provisioner: its paths, and what its helper pods run. */
function configurationOf(props: LocalPathProvisionerProps): Record<string, string> {
  return {
    "config.json": stableJson(mapOrMaps(props), 2),
    setup: literal(`#!/bin/sh\nset -eu\nmkdir -m 0777 -p "$VOL_DIR"\n`),
    teardown: literal(`#!/bin/sh\nset -eu\nrm -rf "$VOL_DIR"\n`),
    "helperPod.yaml": toYaml({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "helper-pod" },
      spec: {
        priorityClassName: "system-node-critical",
        tolerations: [{ key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" }],
        containers: [{ name: "helper-pod", image: image("busybox"), imagePullPolicy: "IfNotPresent" }],
      },
    }),
  };
}

function template(account: ServiceAccountV1, configMap: ConfigMapV1, config: string) {
  const probe = (path: string) => ({ httpGet: { path, port: "health" }, periodSeconds: 10 });
  return restrictedTemplate({
    labels: labels(NAME),
    user: 65532,
    config,
    pod: {
      serviceAccountName: account.metadata.name,
      container: [
        {
          name: NAME,
          image: image("localPathProvisioner"),
          imagePullPolicy: "IfNotPresent",
          command: ["local-path-provisioner", "--debug", "start", "--config", "/etc/config/config.json"],
          env: [
            { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
            { name: "CONFIG_MOUNT_PATH", value: "/etc/config/" },
            { name: "HEALTH_PORT", value: "8080" },
          ],
          port: [{ name: "health", containerPort: 8080 }],
          startupProbe: probe("/health"),
          livenessProbe: probe("/health"),
          readinessProbe: probe("/ready"),
          resources: shareResources(LOCAL_PATH_PROVISIONER),
          volumeMount: [{ name: "config", mountPath: "/etc/config/" }],
        },
      ],
      volume: [{ name: "config", configMap: { name: configMap.metadata.name } }],
    },
  });
}
