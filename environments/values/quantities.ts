/** Forms of amounts with a unit: bytes, cores, times. Limits are those of limits.ts. */
import { bytes, cores, hours } from "../../ground/units";
import { type Hint, textForm } from "./forms";
import { CORES, FLUSH, TIMES, type Limits, SIZES } from "./limits";

/** What to do about an amount that is wrong, by what was given. */
function remedyOf(read: (text: string) => number, { least, most }: Limits<string>, example: string): Hint {
  return (value) => {
    if (typeof value === "number") return `write it in quotes, with its unit (${example})`;
    if (typeof value !== "string") return undefined;
    if (/\s/.test(value)) return "write number and unit without a space";
    const amount = read(value);
    if (amount < read(least)) return `raise it to ${least} or more`;
    return amount > read(most) ? `lower it to ${most} or less` : undefined;
  };
}

/** Bytes with their unit, within limits. */
function size(limits: Limits<string>, example: string) {
  const { least, most } = limits;
  const hint = remedyOf(bytes, limits, example);
  return textForm(
    (v) => /[A-Za-z]$/.test(v) && bytes(v) >= bytes(least) && bytes(v) <= bytes(most),
    `a number with its unit, ${least} to ${most} (${example})`,
    "write number and unit as Kubernetes does: Mi, Gi, Ti",
    (value) => (typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? `add the unit (${example})` : hint(value)),
  );
}

/** Size of a volume. */
export const disk = () => size(SIZES.disk, "15Gi");
/** Size of a host's file system, which holds many volumes. */
export const fileSystem = () => size(SIZES.fileSystem, "2Ti");
/** Memory that a container asks for. */
export const memoryRequest = () => size(SIZES.memoryRequest, "512Mi");
/** Most memory that a container may take; Java's programs need more than others to start. */
export const memoryLimit = (java = false) => size(java ? SIZES.javaLimit : SIZES.memoryLimit, "2Gi");
/** Memory of a host, or of several together. */
export const hostMemory = () => size(SIZES.hostMemory, "64Gi");
/** Heap of a Java machine. */
export const heap = () => size(SIZES.heap, "2Gi");
/** Bytes of a partition of Kafka. */
export const partitionSize = () => size(SIZES.partition, "5Gi");

/** Cores, or thousandths of one, within limits. */
function cpuWithin(limits: Limits<string>, example: string) {
  const { least, most } = limits;
  return textForm(
    (v) => cores(v) >= cores(least) && cores(v) <= cores(most) && Number.isInteger(Math.round(cores(v) * 1e9) / 1e6),
    `cores or whole thousandths of one, ${least} to ${most} (2, 500m)`,
    "write it as text",
    (value) =>
      typeof value === "number"
        ? `write it in quotes ("${value}")`
        : typeof value === "string" && /^\d+$/.test(value) && Number(value) > cores(most)
          ? `write ${value}m where thousandths are meant`
          : remedyOf(cores, limits, example)(value),
  );
}

/** CPU that a container asks for. */
export const cpuRequest = () => cpuWithin(CORES.request, "500m");
/** Most CPU that a container may take. */
export const cpuLimit = () => cpuWithin(CORES.limit, "2");
/** CPU of a host, or of several together. */
export const hostCpu = () => cpuWithin(CORES.host, "16");

function timeWithin(limits: Limits<string>, example: string) {
  return textForm(
    (v) => hours(v) <= hours(limits.most),
    `a whole number of hours, days or weeks, ${limits.least} to ${limits.most} (${example})`,
    "write number and unit without a space",
    remedyOf(hours, limits, example),
  );
}

/** A time that ends: how long Kafka keeps something. */
export const duration = () => timeWithin(TIMES.kafka, "72h, 30d, 52w");
/** How long a program may take to start. */
export const startTime = () => timeWithin(TIMES.start, "4h");

/** A time that may never end: how long InfluxDB keeps something. */
export const retention = () =>
  textForm(
    (v) => v === "forever" || hours(v) <= hours(TIMES.influxdb.most),
    `hours, days or weeks, ${TIMES.influxdb.least} to ${TIMES.influxdb.most} (72h, 30d, 52w), or forever`,
    "write it as text",
    (value) =>
      typeof value === "string" && hours(value) > hours(TIMES.influxdb.most)
        ? "write forever"
        : remedyOf(hours, TIMES.influxdb, "72h")(value),
  );

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** A time between two writes. */
export const flushInterval = () =>
  textForm(
    (v) => {
      const [, number = "", unit = ""] = /^([1-9]\d*)(ms|s|m)$/.exec(v) ?? [];
      const time = Number(number) * (MILLISECONDS[unit] ?? NaN);
      return time >= FLUSH.least && time <= FLUSH.most;
    },
    "milliseconds, seconds or minutes, 100ms to 60m (10s)",
    "write it as text",
  );
