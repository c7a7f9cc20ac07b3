/** CPU and memory of pods. */
import { z } from "zod";
import { cpuLimit, cpuRequest, memoryLimit, memoryRequest } from "./quantities";

/** An amount of CPU and of memory. */
export interface Amount {
  readonly cpu: string;
  readonly memory: string;
}

/** What a container asks for, and its limits. */
export interface Resources {
  readonly requests: Amount;
  readonly limits: Amount;
}

/** CPU and memory of a pod: what it asks for, and its limit. `java` where that needs memory to start at all. */
export const resources = ({ requests, limits }: Resources, { java = false } = {}) =>
  z
    .strictObject({
      requests: z
        .strictObject({
          cpu: cpuRequest().default(requests.cpu),
          memory: memoryRequest().default(requests.memory),
        })
        .prefault({}),
      limits: z
        .strictObject({ cpu: cpuLimit().default(limits.cpu), memory: memoryLimit(java).default(limits.memory) })
        .prefault({}),
    })
    .prefault({})
    .describe("CPU and memory that each pod asks for, and its limit");
