/** What two loads of the same topics make of them, compared. */
import { statementSays } from "../connect/statements";
import { type Load, OF_SECOND, type PointChange } from "../loads";
import { settingSays } from "../telegraf/point-settings";

/** What changes about the points of topics that one program wrote, and another one of its kind or itself writes. */
export function pointChanges(was: Load, is: Load): PointChange[] {
  const says = was.kind === "Telegraf" ? settingSays : statementSays;
  const changed = [...new Set([...was.points.keys(), ...is.points.keys()])].filter(
    (key) => was.points.get(key) !== is.points.get(key),
  );
  const main = changed.filter((key) => !key.includes(OF_SECOND));
  // What changes in both configurations is said once, and one that comes or goes changes no points.
  const second =
    was.program === is.program ? changed.filter((key) => [was, is].every((load) => hasSecond(load, key))) : [];
  return (main.length > 0 ? main : second).map((key) =>
    says(key.split(OF_SECOND).at(-1) ?? key, was.points.get(key), is.points.get(key)),
  );
}

function hasSecond({ points }: Load, key: string): boolean {
  const [name = "", setting] = key.split(OF_SECOND);
  return setting !== undefined && [...points.keys()].some((one) => one.startsWith(`${name}${OF_SECOND}`));
}

/** By which an entry of `allowDestroys` names the points of a program. */
export function pointsId({ program }: Pick<Load, "program">): string {
  return `points/${program}`;
}
