/** From resources to findings: every rule looks at every layer. */
import { byRisk, type Finding } from "./model/model";
import * as ofSystems from "./systems";
import { isDone, type Rule, type RuleFinding } from "./rules/rule";
import { TERRAFORM_RULES, UNRULED, unruled } from "./rules/terraform";
import type { Resource } from "./read/resources";

/** Every rule. Their order makes no difference. */
export const RULES: readonly Rule[] = [...Object.values(ofSystems).flat(), ...TERRAFORM_RULES];

/**
 * What a reviewer must know of one layer, worst first. The order of the resources makes no difference;
 * `allowDestroys` is the environment's, by which a loss of data is allowed.
 */
export function classify(stack: string, resources: readonly Resource[], allowDestroys: readonly string[]): Finding[] {
  const layer = { stack, resources: [...resources].sort(byAddress) };
  const ruled = RULES.map((rule) => ({ rule, findings: rule.find(layer) }));
  const rest = unruled(
    layer.resources,
    ruled.flatMap(({ findings }) => findings),
  );
  const all = [...ruled, { rule: UNRULED, findings: rest }].flatMap(({ rule, findings }) =>
    findings.map((found) => finding(rule, found, allowDestroys)),
  );
  const once = new Map(all.map((one) => [`${one.rule} ${one.address} ${one.what}`, one]));
  return [...once.values()].sort(byFinding);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function byAddress(a: Resource, b: Resource): number {
  return order(a.address, b.address) || order(a.type, b.type) || order(a.label, b.label);
}

function byFinding(a: Finding, b: Finding): number {
  return byRisk(a, b) || order(a.rule, b.rule) || order(a.address, b.address) || order(a.what, b.what);
}

function finding(
  { id: rule, risk: worst }: Pick<Rule, "id" | "risk">,
  {
    resource,
    risk = worst,
    what = `${resource.label} ${isDone(resource)}`,
    why,
    remedy,
    id = resource.id,
    asks,
  }: RuleFinding,
  allowDestroys: readonly string[],
): Finding {
  const { stack, address } = resource;
  const base = { rule, risk, stack, address, what, why, remedy: resource.undo ?? remedy, ...(asks ? { asks } : {}) };
  if (risk !== "loses data") return base;
  const allow = `${stack}/${id}`;
  return { ...base, allow, allowed: allowDestroys.includes(stack) || allowDestroys.includes(allow) };
}
