/** A plan that nobody made: for the cost of a review, which is too long to make with Terraform. */
import { type Block, type Json, type StackView, unescaped } from "../../synthesized/stack";

/** What is done in turn; most of a large plan is changed in place, as by a new version or a new label. */
const ACTIONS = ["update", "create", "update", "delete", "update", "replace", "update", "update"] as const;

/** Durations, memory and processors. */
const AMOUNT = /\d+(?=(?:Mi|Gi|[smh])\b)/g;

/** What a plan does not have beside the attributes. */
const META = ["//", "depends_on", "lifecycle", "provider"];

/** Attributes as a plan has them: nothing of the program, texts without escapes. */
function attributesOf({ body }: Block): Json {
  const attributes = Object.entries(body).filter(([key]) => !META.includes(key));
  return JSON.parse(JSON.stringify(Object.fromEntries(attributes)), (_key, value: unknown) =>
    typeof value === "string" ? unescaped(value) : value,
  ) as Json;
}

/** The same resource as it was: other amounts, in Helm values and configurations too, and one label more. */
function earlier(attributes: Json): Json {
  const before = JSON.parse(JSON.stringify(attributes).replace(AMOUNT, (amount) => String(Number(amount) + 1))) as Json;
  const { metadata } = before;
  if (metadata && typeof metadata === "object" && "labels" in metadata)
    metadata.labels = { ...(metadata.labels as Json), "made-up": "true" };
  return before;
}

/**
 * Text of `terraform show -json` with this many changes: the resources of these stacks over and over, each time under
 * an address of its own, with what else Terraform writes of each.
 */
export function madeUpPlan(stacks: readonly StackView[], count: number): string {
  const found = stacks.flatMap((stack) => stack.resources());
  const changes = Array.from({ length: count }, (_, i) => {
    const block = found[i % found.length] as Block;
    const action = ACTIONS[i % ACTIONS.length] as (typeof ACTIONS)[number];
    const [name, after] = [`${block.id}-${i}`, attributesOf(block)];
    return {
      address: `${block.type}.${name}`,
      mode: "managed",
      type: block.type,
      name,
      change: {
        actions: action === "replace" ? ["delete", "create"] : [action],
        before: action === "create" ? null : earlier(after),
        after: action === "delete" ? null : after,
        after_unknown: action === "delete" ? false : { id: true },
        before_sensitive: {},
        after_sensitive: {},
      },
    };
  });
  const resources = (side: "before" | "after") =>
    changes.map(({ change, ...rest }) => ({ ...rest, values: change[side] ?? {} }));
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    planned_values: { root_module: { resources: resources("after") } },
    resource_changes: changes,
    prior_state: { values: { root_module: { resources: resources("before") } } },
    configuration: {
      provider_config: {},
      root_module: { resources: changes.map(({ address, mode, type, name }) => ({ address, mode, type, name })) },
    },
  });
}
