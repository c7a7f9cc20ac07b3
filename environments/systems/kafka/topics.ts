/** Patterns of topics: how they become regular expressions, and whether two of them can take the same topic. */

/** The regular expression, anchored on both ends, of a pattern in which `*` stands for any characters. */
export function topicRegExp(pattern: string): string {
  return `^${pattern
    .split("*")
    .map((literal) => literal.replace(/[.\\+?^$(){}|[\]]/g, "\\$&"))
    .join(".*")}$`;
}

/** Whether some name matches both patterns. The answer is exact: it walks through both at once. */
export function patternsOverlap(a: string, b: string): boolean {
  const seen = new Set<number>();
  const walk = (i: number, j: number): boolean => {
    if (i === a.length && j === b.length) return true;
    const key = i * (b.length + 1) + j;
    if (seen.has(key)) return false;
    seen.add(key);
    if (a[i] === "*") return walk(i + 1, j) || (j < b.length && walk(i, j + 1));
    if (b[j] === "*") return walk(i, j + 1) || (i < a.length && walk(i + 1, j));
    return i < a.length && j < b.length && a[i] === b[j] && walk(i + 1, j + 1);
  };
  return walk(0, 0);
}
