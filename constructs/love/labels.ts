/** Labels by which the pods of LOVE are found; those of phalanx 2026-08. */
import { selectorLabels } from "../kubernetes/objects";

/** What the host of LOVE is called after. */
export const LOVE_APP = "love";

const NAME = "app.kubernetes.io/name";

/** Labels of pods, by what they are: selectors of their workloads, Services and budgets, and of network policies. */
export const LOVE_PODS = {
  frontend: selectorLabels("love-manager", "love-manager-frontend"),
  /** Manager-producers of one set. */
  set: (name: string) => selectorLabels("love-manager-producer", `love-manager-producer-${name}`),
  /** Manager-producers of all sets. */
  sets: { [NAME]: "love-manager-producer" },
  /** Pods that set up the managers' database. */
  setup: selectorLabels("love-manager-setup"),
  redis: selectorLabels("love-manager", "love-manager-redis"),
  /** Pods that remove from Redis what nobody uses any more. */
  redisCleanup: selectorLabels("love-manager-redis-cleanup"),
  nginx: selectorLabels("love-nginx"),
  commander: { csc: "love-commander" },
  /** A producer, by the name of its Deployment. */
  producer: (workload: string) => selectorLabels("love-producer", workload),
  /** Every producer. */
  producers: { [NAME]: "love-producer" },
  broadcaster: (number: number) => selectorLabels("audio-broadcaster", `love-audio-broadcaster-${number}`),
  /** Every broadcaster of sound. */
  broadcasters: { [NAME]: "audio-broadcaster" },
  /** Pods that bring the views into the Large File Annex. */
  viewBackup: { type: "love-manager-view-backup-job" },
} as const;
