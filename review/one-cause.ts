/** Makes one finding of several that say the same of several things. */
import type { Finding } from "./model/model";
import type { Resource } from "./read/resources";

/** A finding, and what it is about. */
interface About {
  readonly resource: Resource;
  readonly finding: Finding;
  /** Name of what it is about, as it stands in `what`; the resource's where there is none. */
  readonly subject?: string | undefined;
}

/** Names that a finding lists behind its first; those that lose data are all named. */
const LISTED = 5;

/** One finding for each cause: the same rule, the same words but for a name, the same values that differ. */
export function together(all: readonly About[]): Finding[] {
  const groups = new Map<string, [About, ...About[]]>();
  for (const one of all) {
    const group = groups.get(causeOf(one));
    if (group) group.push(one);
    else groups.set(causeOf(one), [one]);
  }
  return [...groups.values()].map(([first, ...more]) => (more.length === 0 ? first.finding : joined(first, more)));
}

function nameOf({ resource, subject, finding: { what } }: About): string {
  const known = [subject, resource.label, resource.name].find((one) => one !== undefined && what.includes(one));
  return known ?? "";
}

function causeOf(about: About): string {
  const { rule, risk, why, remedy, what } = about.finding;
  const name = nameOf(about);
  const paths = about.subject === undefined ? about.resource.differences.map(({ path }) => path) : [];
  return JSON.stringify([rule, risk, why, remedy, name === "" ? what : what.replace(name, "\u0000"), paths]);
}

function joined(first: About, more: readonly About[]): Finding {
  const names = [...new Set(more.map(nameOf))].filter((name) => name !== nameOf(first));
  const shown = first.finding.risk === "loses data" ? names : names.slice(0, LISTED);
  const rest = names.length - shown.length;
  const same =
    names.length > 0 ? `; the same for ${more.length} more: ${shown.join(", ")}${rest > 0 ? ", …" : ""}` : "";
  const others = [first, ...more].slice(1).map(({ finding: { address, allow } }) => ({
    address,
    ...(allow === undefined ? {} : { allow }),
  }));
  return {
    ...first.finding,
    what: first.finding.what + same,
    ...(first.finding.allowed === undefined
      ? {}
      : { allowed: [first, ...more].every(({ finding }) => finding.allowed === true) }),
    more: others,
  };
}
