/** What kubelets say of the containers of a pod. */
import { inside } from "../../../synthesized/stack";
import type { LiveObject } from "./client";

/** How a container ended; a kubelet leaves out what it does not know. */
interface Ending {
  readonly exitCode?: number;
  readonly signal?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

/** A container's status. */
export interface ContainerStatus {
  readonly name: string;
  readonly restartCount: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: { readonly startedAt?: string };
    readonly terminated?: Ending;
  };
  readonly lastState?: { readonly terminated?: Ending };
}

/** Containers of a pod, or those that run before them; none where no kubelet has looked at it. */
export function containersOf(
  pod: LiveObject,
  list: "containerStatuses" | "initContainerStatuses",
): readonly ContainerStatus[] {
  return (inside(pod, "status", list) ?? []) as readonly ContainerStatus[];
}

/** All containers of a pod, those that run first before the others. */
export function allContainersOf(pod: LiveObject): ContainerStatus[] {
  return [...containersOf(pod, "initContainerStatuses"), ...containersOf(pod, "containerStatuses")];
}
