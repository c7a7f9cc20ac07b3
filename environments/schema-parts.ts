/** Pieces that several parts of the schema have in common. */
import { z } from "zod";
import * as unit from "../ground/units";

/** CPU and memory of a pod: what it asks for, and its limit. */
export const resources = (fallback: {
  requests: { cpu: string; memory: string };
  limits: { cpu: string; memory: string };
}) =>
  z
    .strictObject({
      requests: z
        .strictObject({
          cpu: unit.cpu().default(fallback.requests.cpu),
          memory: unit.quantity().default(fallback.requests.memory),
        })
        .prefault({}),
      limits: z
        .strictObject({
          cpu: unit.cpu().default(fallback.limits.cpu),
          memory: unit.quantity().default(fallback.limits.memory),
        })
        .prefault({}),
    })
    .prefault({})
    .describe("CPU and memory that each pod asks for, and its limit");

/** A whole number from 1. */
export const positive = (message = "allowed a whole number from 1, write it without quotes") =>
  z.int({ error: message }).refine((value) => value >= 1, { error: message });

/** The address of a web service. */
export const webAddress = () =>
  z.url({ protocol: /^https?$/, error: "allowed an http(s) URL, write the whole address" });

/** A database of InfluxDB. */
export const database = () =>
  z.string().regex(/^[A-Za-z][A-Za-z0-9._-]*$/, {
    error: "allowed letters, digits, dots, hyphens and underscores after a letter, rename it",
  });
