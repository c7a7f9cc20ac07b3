/** Lists in one line. */

/** How many are named. */
const NAMED = 5;

/** At most five of these, and how many there are besides. */
export function some(names: readonly string[], most = NAMED): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
