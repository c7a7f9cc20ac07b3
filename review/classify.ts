/** From things to findings: every rule looks at every layer. */
import { type Finding, RISKS } from "./model/model";
import { RULES } from "./rules";
import type { Rule, Said } from "./rules/rule";
import { UNRULED, unruled } from "./rules/terraform";
import type { Thing } from "./read/things";

/**
 * What a reviewer must know of one layer, worst first. The order of the things makes no difference;
 * `allowDestroys` is the environment's, by which a loss of data is allowed.
 */
export function classify(stack: string, things: readonly Thing[], allowDestroys: readonly string[]): Finding[] {
  const scene = { stack, things: [...things].sort(byThing) };
  const said = RULES.map((rule) => ({ rule, answers: rule.find(scene) }));
  const rest = unruled(
    scene.things,
    said.flatMap(({ answers }) => answers),
  );
  const all = [...said, { rule: UNRULED, answers: rest }].flatMap(({ rule, answers }) =>
    answers.map((answer) => finding(rule, answer, allowDestroys)),
  );
  const once = new Map(all.map((one) => [`${one.rule} ${one.address} ${one.what}`, one]));
  return [...once.values()].sort(byFinding);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function byThing(a: Thing, b: Thing): number {
  return order(a.address, b.address) || order(a.type, b.type) || order(a.label, b.label);
}

function byFinding(a: Finding, b: Finding): number {
  return (
    RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk) ||
    order(a.rule, b.rule) ||
    order(a.address, b.address) ||
    order(a.what, b.what)
  );
}

function finding(
  { id: rule }: Pick<Rule, "id">,
  { thing, risk, what, why, remedy, id = thing.id }: Said,
  allowDestroys: readonly string[],
): Finding {
  const { stack, address } = thing;
  const base = { rule, risk, stack, address, what, why, remedy: thing.undo ?? remedy };
  if (risk !== "loses data") return base;
  const allow = `${stack}/${id}`;
  return { ...base, allow, allowed: allowDestroys.includes(stack) || allowDestroys.includes(allow) };
}
