/** Takes out of a finding what a rule read and may not show. */
import { isBranch, isList, Secret, type Tree, withoutMarks } from "../model/tree";
import { redactedText } from "./redact";
import type { Resource } from "./resources";

/** Texts that are shorter stand in many names: a finding is not made unreadable for them. */
const SHORTEST = 6;

/** What gives a text without every secret of these resources. */
export function withoutSecrets(resources: readonly Resource[]): (text: string) => string {
  const found = new Set<string>();
  for (const { action, before, after } of resources)
    if (action !== "no-op") for (const side of [before, after]) collect(side, false, found);
  const longestFirst = [...found].sort((a, b) => b.length - a.length);
  return (text) => redactedText(longestFirst.reduce((all, one) => all.replaceAll(one, "(secret)"), text));
}

function collect(value: Tree | undefined, hidden: boolean, found: Set<string>): void {
  if (value instanceof Secret) {
    if (value.text === undefined) collect(value.reveal(), true, found);
    else for (const one of hiddenLines(value.reveal(), value.text)) found.add(one);
  } else if (typeof value === "string") {
    if (hidden && value.length >= SHORTEST) found.add(value);
  } else if (isList(value)) for (const one of value) collect(one, hidden, found);
  else if (isBranch(value)) for (const one of Object.values(value)) collect(one, hidden, found);
}

/** Parts of a text that stand there as `(secret)` when it is shown. */
function hiddenLines(content: Tree, shown: string): string[] {
  if (typeof content !== "string") return [];
  const lines = withoutMarks(shown).split("\n");
  return content.split("\n").flatMap((line, i) => {
    const visible = lines[i]?.split("(secret)") ?? [];
    if (visible.length < 2) return [];
    const [head = ""] = visible;
    const part = line.slice(head.length).replace(/^["']|["'],?\s*$/g, "");
    return part.length >= SHORTEST ? [part] : [];
  });
}
