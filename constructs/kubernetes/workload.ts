/** The form of every pod that we write: it fits the Pod Security level `restricted`. */
import type { Share } from "../../environments/values/system";
import { shortHash } from "../../synthesized/text";

/** CPU and memory of one pod. */
export interface PodResources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}

/** CPU and memory of a pod whose CPU has no limit. */
export interface ShareResources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly memory: string };
}

/** Requests and limits of a share. */
export function shareResources({ cpu, memory, limit }: Share): ShareResources {
  return { requests: { cpu, memory }, limits: { memory: limit } };
}

/** Security context of a container without any privileges. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
};

/** A container; the template gives it a security context where it has none. */
interface Container {
  readonly name: string;
}

/** What differs from pod to pod. */
export interface RestrictedPod {
  readonly container: readonly Container[];
  readonly initContainer?: readonly Container[];
  readonly volume?: readonly { readonly name: string; readonly persistentVolumeClaim?: object }[];
  /** Account whose token is mounted. @default - no token */
  readonly serviceAccountName?: string;
}

/** A pod and what every pod has. */
export interface RestrictedTemplateProps<Pod> {
  readonly labels: Readonly<Record<string, string>>;
  /** User and group that it runs as. */
  readonly user: number;
  /** Configuration: another text is another pod. @default - the pod reads none */
  readonly config?: string;
  readonly pod: Pod;
}

/** A pod template: no root, no privileges, no service links, a token only for a pod that has an account. */
export function restrictedTemplate<Pod extends RestrictedPod>({
  labels,
  user,
  config,
  pod,
}: RestrictedTemplateProps<Pod>) {
  const restricted = (container: Container) => ({ securityContext: RESTRICTED_CONTAINER, ...container });
  const id = String(user);
  const spec = {
    automountServiceAccountToken: pod.serviceAccountName !== undefined,
    // Kubernetes would set variables for each Service, which some images take for settings.
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: id,
      runAsGroup: id,
      fsGroup: id,
      // By default a kubelet looks at every file of a volume at each start.
      ...(pod.volume?.some((one) => one.persistentVolumeClaim) ? { fsGroupChangePolicy: "OnRootMismatch" } : {}),
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...pod,
    container: pod.container.map(restricted),
    ...(pod.initContainer ? { initContainer: pod.initContainer.map(restricted) } : {}),
  };
  return {
    metadata: { labels, ...(config === undefined ? {} : { annotations: { "efd/config": shortHash(config) } }) },
    // Containers keep the type that they came with.
    spec: spec as Omit<typeof spec, "container" | "initContainer"> & Pod,
  };
}

/** Pods with these labels on as many nodes as there are, where that is possible. */
export function spreadOverNodes(matchLabels: Readonly<Record<string, string>>) {
  return {
    topologySpreadConstraint: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: [{ matchLabels }],
      },
    ],
  };
}

/** A variable of a container whose value is a key of a Secret. */
export function fromSecret(name: string, secret: string, key: string) {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/** Variables by which a script finds the API server, and the token of the pod's account. */
export const API_VARIABLES = [
  { name: "API_SERVER", value: "https://kubernetes.default.svc" },
  { name: "ACCOUNT", value: "/var/run/secrets/kubernetes.io/serviceaccount" },
];
