/** Lengths of time in words. */

/** A length of time as people say it: `40 s`, `12 min`, `5 h`, `3 d`. */
export function duration(seconds: number): string {
  const positive = Math.max(0, seconds);
  if (positive < 120) return `${Math.round(positive)} s`;
  if (positive < 2 * 3600) return `${Math.round(positive / 60)} min`;
  if (positive < 72 * 3600) return `${Math.round(positive / 3600)} h`;
  return Number.isFinite(positive) ? `${Math.round(positive / 86400)} d` : "a long time";
}
