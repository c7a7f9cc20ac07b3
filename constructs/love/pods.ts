/** What the pods of LOVE have in common. */
import type { LoveSpec } from "../../environments/systems/love/schema";
import { type RestrictedPod, restrictedTemplate, type RestrictedTemplateProps } from "../kubernetes/workload";
import { PULL_SECRET_NAME } from "./secrets";

/** LOVE's own images: names of their repositories, by what a site's file calls them. */
const REPOSITORIES = {
  manager: "love-manager",
  producer: "love-producer",
  commander: "love-commander",
  frontend: "love-frontend-k8s",
  managerStatic: "love-manager-static",
  viewBackup: "love-view-backup",
  audioBroadcaster: "audio_broadcaster",
} as const;

/** One of LOVE's own images, with the tag of its cycle. */
export function loveImage({ images }: LoveSpec, name: keyof typeof REPOSITORIES): string {
  return `${images.registry}/${REPOSITORIES[name]}:${images[name] ?? images.cycle}`;
}

/**
 * Pods that would rather not share a node with other Deployments' pods of the namespace (phalanx 2026-08), where the
 * site wants that.
 */
export function awayFromOthers({ spread }: LoveSpec) {
  return spread
    ? {
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 100,
                podAffinityTerm: {
                  topologyKey: "kubernetes.io/hostname",
                  labelSelector: [{ matchExpressions: [{ key: "pod-template-hash", operator: "Exists" }] }],
                },
              },
            ],
          },
        },
      }
    : {};
}

/** A pod of one of LOVE's own images: as every pod of ours, with the account of their registry where they are private. */
export function loveTemplate<Pod extends RestrictedPod>(
  { images }: LoveSpec,
  { pod, ...rest }: RestrictedTemplateProps<Pod>,
) {
  return restrictedTemplate({
    ...rest,
    pod: { ...pod, ...(images.pullSecret ? { imagePullSecrets: [{ name: PULL_SECRET_NAME }] } : {}) },
  });
}
