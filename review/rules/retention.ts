/** How long something is kept, in hours; `Infinity` for ever. */
import { type Tree } from "../model/tree";
import { numberAt, textAt } from "./reading";

/** Hours in each unit by which Kafka names one. */
const UNITS = [
  ["ms", 1 / 3_600_000],
  ["minutes", 1 / 60],
  ["hours", 1],
] as const;

/** Kafka's own default, seven days. */
const DEFAULT_HOURS = 168;

/** Hours of `<prefix>.ms`, `.minutes` or `.hours` of a configuration; the finest unit wins, as in Kafka. */
export function hoursOf(config: Tree | undefined, prefix: string, fallback = DEFAULT_HOURS): number {
  for (const [unit, factor] of UNITS) {
    const value = textAt(config, `${prefix}.${unit}`);
    const count = numberAt(-1, config, `${prefix}.${unit}`);
    if (value !== undefined) return count < 0 ? Infinity : count * factor;
  }
  return fallback;
}

/** Whether less is kept; a negative figure is no limit. */
export function shorter(before: number, after: number): boolean {
  const limit = (value: number) => (value < 0 ? Infinity : value);
  return limit(after) < limit(before);
}

/** Hours of a duration as InfluxDB writes it: `72h`, `4w`, `INF`; undefined where it is none. */
export function influxHours(text: string): number | undefined {
  if (/^INF$/i.test(text) || /^0s?$/.test(text)) return Infinity;
  const parts = [...text.matchAll(/(\d+)(w|d|h|m|s)/g)];
  if (parts.length === 0) return undefined;
  const hours = { w: 168, d: 24, h: 1, m: 1 / 60, s: 1 / 3600 } as const;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * hours[unit as keyof typeof hours], 0);
}

/** Hours as a text: `72 h`, `ever`. */
export function hoursInWords(count: number): string {
  return Number.isFinite(count) ? `${count} h` : "ever";
}
