/** The Services of LOVE, by which its programs find one another. */
import { NAMESPACE } from "../../ground/namespaces";
import { kubernetesName } from "../core/names";
import { labels, selectorLabels } from "../kubernetes/objects";
import { LOVE_PODS } from "./labels";

/** A program of LOVE. */
export interface LoveProgram {
  /** Name of the workload. */
  readonly workload: string;
  /** Labels of its pods, and no others'. */
  readonly pods: Readonly<Record<string, string>>;
}

/** A program of LOVE and the Service in front of it. */
export interface LoveService extends LoveProgram {
  /** Name of the Service, by which other programs of the namespace reach it. */
  readonly name: string;
  /** TCP port of the Service. */
  readonly port: number;
  /** TCP port of the pods behind it, to which network policies apply. @default - the Service's */
  readonly podPort?: number;
}

/** A Service with the address of each ready pod, among which nginx chooses by itself. */
export interface BalancedService extends LoveService {
  readonly headless: string;
}

const MANAGER = 8000;

/** Frontends: managers to which browsers connect. */
export const FRONTEND: BalancedService = {
  workload: "love-manager-frontend",
  name: "love-manager-frontend-service",
  headless: "love-manager-frontend-headless",
  port: MANAGER,
  pods: LOVE_PODS.frontend,
};

/** A set of manager-producers, by its name: managers to which producers connect. */
export function setService(set: string): BalancedService {
  const workload = `love-manager-producer-${set}`;
  return {
    workload,
    name: `${workload}-service`,
    headless: `${workload}-headless`,
    port: MANAGER,
    pods: LOVE_PODS.set(set),
  };
}

/** Redis, through which managers hand messages to one another. */
export const REDIS: LoveService = {
  workload: "love-manager-redis",
  name: "love-manager-redis-service",
  port: 6379,
  pods: LOVE_PODS.redis,
};

/** The commander, which sends commands to SAL. */
export const COMMANDER: LoveService = {
  workload: "love-commander",
  name: "love-commander-service",
  port: 5000,
  pods: LOVE_PODS.commander,
};

/** nginx, through which browsers and producers come. */
export const NGINX = {
  workload: "love-nginx",
  name: "love-nginx-service",
  port: 80,
  // Without privileges a port below 1024 is not for every container runtime.
  podPort: 8080,
  pods: LOVE_PODS.nginx,
} satisfies LoveService;

/** PostgreSQL of a site that has its own. */
export const POSTGRESQL: LoveService = {
  workload: "love-manager-database",
  name: "love-manager-database-service",
  port: 5432,
  pods: selectorLabels("love-manager", "love-manager-database"),
};

/** Name, namespace and labels of an object of a program; `name` where it is not the workload's. */
export function metadataFor({ workload, pods }: LoveProgram, name: string = workload) {
  return { name, namespace: NAMESPACE.love, labels: { ...labels(workload), ...pods } };
}

/** The Job that sets up the managers' database, and the schedule that goes on with its passwords. */
export const MANAGER_SETUP: LoveProgram = { workload: "love-manager-setup", pods: LOVE_PODS.setup };

/** The pods that clean Redis up. */
export const REDIS_CLEANUP: LoveProgram = {
  workload: "love-manager-redis-cleanup",
  pods: LOVE_PODS.redisCleanup,
};

/** A producer, by its name. */
export function producer(name: string): LoveProgram {
  const workload = kubernetesName(`love-producer-${name}`);
  return { workload, pods: LOVE_PODS.producer(workload) };
}

/** Broadcaster of a microphone, by its place in the site's list, from 1. */
export function broadcaster(place: number): Required<LoveService> {
  return {
    workload: `audio-broadcaster-${place}`,
    name: `love-audio-broadcaster-service-${place}`,
    port: 80,
    podPort: 8888,
    pods: LOVE_PODS.broadcaster(place),
  };
}

/** The pods that bring backups of the views into the Large File Annex. */
export const VIEW_BACKUP: LoveProgram = {
  workload: "love-manager-view-backup",
  pods: LOVE_PODS.viewBackup,
};
