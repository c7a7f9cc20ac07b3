/** CPU and memory of pods. */
import { z } from "zod";
import { cpu, quantity } from "./forms";

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

const amount = (fallback: Amount) =>
  z.strictObject({ cpu: cpu().default(fallback.cpu), memory: quantity().default(fallback.memory) }).prefault({});

/** CPU and memory of a pod: what it asks for, and its limit. */
export const resources = (fallback: Resources) =>
  z
    .strictObject({ requests: amount(fallback.requests), limits: amount(fallback.limits) })
    .prefault({})
    .describe("CPU and memory that each pod asks for, and its limit");
