/** Topics of CSCs, as SAL's producers name them: `lsst.sal.<CSC>.<topic>`. */
import { UsageError } from "../../ground/errors";

const PREFIX = "lsst.sal.";

/** What the topics of a CSC begin with. */
export function prefixOf(csc: string): string {
  return `${PREFIX}${csc}.`;
}

/** CSC of a topic; undefined where it is none of SAL's. */
export function cscOf(topic: string): string | undefined {
  const [csc, rest] = topic.startsWith(PREFIX) ? topic.slice(PREFIX.length).split(".") : [];
  return rest === undefined ? undefined : csc;
}

/**
 * Whole names of topics that were given with commas between them, each whole or without its prefix, in order of their names.
 *
 * @throws {UsageError} for a name that no topic of this CSC has.
 */
export function topicsGiven(csc: string, text: string): string[] {
  const prefix = prefixOf(csc);
  const names = text.split(",").map((part) => {
    const name = part.trim();
    const end = name.startsWith(prefix) ? name.slice(prefix.length) : name;
    if (!/^[A-Za-z0-9_-]+$/.test(end))
      throw new UsageError(
        `--topics: got ${JSON.stringify(name)}. Allowed: names of topics of ${csc} with commas between them, such as logevent_heartbeat or ${prefix}logevent_heartbeat. Correct it.`,
      );
    return `${prefix}${end}`;
  });
  return [...new Set(names)].sort();
}
