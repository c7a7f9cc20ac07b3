/** From resources to findings: every rule looks at every layer. */
import { byRisk, type Finding, RISKS } from "./model/model";
import { together } from "./one-cause";
import type { Resource } from "./read/resources";
import { withoutSecrets } from "./read/secret-texts";
import { isDone, type Rule, type RuleFinding, type Unjudged } from "./rules/rule";
import { TERRAFORM_RULES, UNRULED, unruled } from "./rules/terraform";
import * as ofSystems from "./systems";

/** Every rule. Their order makes no difference. */
export const RULES: readonly Rule[] = [...Object.values(ofSystems).flat(), ...TERRAFORM_RULES];

type Named = Pick<Rule, "id" | "risk" | "explanation" | "yieldsTo">;

/** What a rule says, or could not judge. */
interface Said {
  readonly rule: Named;
  readonly said: RuleFinding | Unjudged;
}

/**
 * What a reviewer must know of one layer, worst first. The order of the resources makes no difference;
 * `allowDestroys` is the environment's, by which a loss of data is allowed.
 */
export function classify(stack: string, resources: readonly Resource[], allowDestroys: readonly string[]): Finding[] {
  const layer = { stack, resources: [...resources].sort(byAddress) };
  const ruled = RULES.flatMap((rule): Said[] => rule.find(layer).map((said) => ({ rule, said })));
  const spoken = ruled.map(({ said }) => said);
  const rest = unruled(layer.resources, spoken).map((said): Said => ({ rule: UNRULED, said }));
  const hide = withoutSecrets(layer.resources);
  const all = [...withoutRepeated([...ruled, ...rest])].map(({ rule, said }) => {
    const found = whole(rule, said);
    return { resource: said.resource, finding: finding(rule, found, allowDestroys, hide), subject: found.subject };
  });
  const once = new Map(all.map((one) => [`${one.finding.rule} ${one.finding.address} ${one.finding.what}`, one]));
  return together([...once.values()]).sort(byFinding);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function byAddress(a: Resource, b: Resource): number {
  return order(a.address, b.address) || order(a.type, b.type) || order(a.label, b.label);
}

function byFinding(a: Finding, b: Finding): number {
  return byRisk(a, b) || order(a.rule, b.rule) || order(a.address, b.address) || order(a.what, b.what);
}

/** Without what another rule says of the same resource as well: one cause is one finding. */
function withoutRepeated(all: readonly Said[]): Said[] {
  const speaks = new Set(
    all.flatMap(({ rule: { id }, said }) => {
      const key = keyOf(said.resource);
      return [`${id} ${key}`, `${id.split("-")[0]}-* ${key}`];
    }),
  );
  const worstUnread = new Map<Resource, Named>();
  for (const { rule, said } of all)
    if ("unread" in said) {
      const known = worstUnread.get(said.resource);
      if (!known || RISKS.indexOf(rule.risk) < RISKS.indexOf(known.risk)) worstUnread.set(said.resource, rule);
    }
  return all.filter(({ rule, said }) =>
    "unread" in said
      ? worstUnread.get(said.resource) === rule
      : !rule.yieldsTo?.some((other) => speaks.has(`${other} ${keyOf(said.resource)}`)),
  );
}

const keyOf = ({ address, type, label }: Resource): string => `${address} ${type} ${label}`;

/** What a rule says; of what it could not judge, that it may be what it looks for. */
function whole({ explanation }: Named, said: RuleFinding | Unjudged): RuleFinding {
  if (!("unread" in said)) return said;
  const { resource, unread } = said;
  return {
    resource,
    what: `${resource.label} could not be judged: ${unread}`,
    why: `it may be the worst of what is looked for here: ${explanation.charAt(0).toLowerCase()}${explanation.slice(1).replace(/\.$/, "")}`,
    remedy: "compare by hand what differs before you approve, and mend what cannot be read",
  };
}

function finding(
  { id: rule, risk: worst }: Named,
  {
    resource,
    risk = worst,
    what = `${resource.label} ${isDone(resource)}`,
    why,
    remedy,
    id = resource.id,
    asks,
    fails,
  }: RuleFinding,
  allowDestroys: readonly string[],
  hide: (text: string) => string,
): Finding {
  const { stack, address } = resource;
  const base = {
    ...{ rule, risk, stack, address, what: hide(what), why: hide(why), remedy: hide(resource.undo ?? remedy) },
    ...(asks ? { asks } : {}),
    ...(fails ? { fails } : {}),
  };
  if (risk !== "loses data") return base;
  const allow = `${stack}/${id}`;
  return { ...base, allow, allowed: allowDestroys.includes(stack) || allowDestroys.includes(allow) };
}
