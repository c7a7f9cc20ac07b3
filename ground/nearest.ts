/** Words that are written most like another one. */

/**
 * At most three words that are written most like a wanted one, the most like it first; at least one, unless there are none.
 * Capital and small letters are the same.
 */
export function nearestWords(wanted: string, words: readonly string[]): string[] {
  const small = wanted.toLowerCase();
  return words
    .map((word) => ({ word, far: distance(small, word.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
    .filter(({ far }, i) => i === 0 || (i < 3 && far <= Math.max(2, wanted.length / 3)))
    .map(({ word }) => word);
}

/** How many letters are added, left out or exchanged between two words. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_none, j) => j);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, against] of [...other].entries())
      next.push(Math.min((row[j] ?? 0) + (letter === against ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    row = next;
  }
  return row.at(-1) ?? 0;
}
