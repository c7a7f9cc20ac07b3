/** A Kubernetes object as Helm prints it. Each kind that we write has an interface that extends this one. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** What we set of an object's metadata. */
export interface ObjectMeta {
  readonly name: string;
  /** @default - the release's; none for kinds without namespace */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Helm keeps the object in the cluster when it is removed from the release; for objects that hold data. */
export const KEEP = { "helm.sh/resource-policy": "keep" } as const;

/** Labels by which the pods of one program are found. */
export function selectorLabels(name: string, instance: string = name): Record<string, string> {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": instance };
}

/** Name, namespace and labels of an object of a program. */
export function metadataOf(name: string, namespace: string) {
  return { name, namespace, labels: labels(name) };
}

/** Labels of everything that we write ourselves. */
export function labels(name: string, instance: string = name): Record<string, string> {
  return {
    ...selectorLabels(name, instance),
    "app.kubernetes.io/managed-by": "terraform",
    "app.kubernetes.io/part-of": "efd",
  };
}

/**
 * Lifecycle of a Deployment or DaemonSet of ours: `kubectl rollout restart` and our own restarts (constructs/restarts)
 * annotate its pods, and Terraform must keep these annotations.
 */
export const RESTARTABLE = {
  ignoreChanges: [
    ...["kubectl.kubernetes.io/restartedAt", "efd/secrets", "efd/topics"].map(
      (mark) => `spec[0].template[0].metadata[0].annotations["${mark}"]`,
    ),
    ...["efd/secrets-are", "efd/topics-are"].map((mark) => `metadata[0].annotations["${mark}"]`),
  ],
};
