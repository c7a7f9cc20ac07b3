/** What a rule is. */
import type { Risk } from "../model/model";
import type { Thing } from "../read/things";

/** What a rule looks at: everything of one layer, before and after. */
export interface Scene {
  /** Name of the stack. */
  readonly stack: string;
  readonly things: readonly Thing[];
}

/** What a rule says of a thing. */
export interface Said {
  readonly thing: Thing;
  readonly risk: Risk;
  /** What happens, one sentence that names the thing. */
  readonly what: string;
  /** What follows from that. */
  readonly why: string;
  /** What to do instead, or before and after. */
  readonly remedy: string;
  /** Id by which `allowDestroys` allows it. @default - the thing's */
  readonly id?: string;
}

/** One small question to a plan. */
export interface Rule {
  readonly id: string;
  /** When it speaks, for the table of the documents. */
  readonly explanation: string;
  /** The worst that it says. */
  readonly risk: Risk;
  readonly find: (scene: Scene) => readonly Said[];
}

/** What a rule says of the thing that it looks at. */
export type Answer = Omit<Said, "thing">;

/** A rule that looks at one thing after the other; `on` are types of resources and kinds of objects, all when empty. */
export function ruleOn(
  on: readonly string[],
  rule: Omit<Rule, "find">,
  find: (thing: Thing, scene: Scene) => Answer | readonly Answer[] | undefined,
): Rule {
  return {
    ...rule,
    find: (scene) =>
      scene.things
        .filter(({ type, action }) => action !== "no-op" && (on.length === 0 || on.includes(type)))
        .flatMap((thing) => [find(thing, scene) ?? []].flat().map((answer) => ({ thing, ...answer }))),
  };
}

/** `is deleted`, `is replaced`, … */
export function isDone({ action }: Pick<Thing, "action">): string {
  return {
    delete: "is deleted",
    replace: "is replaced",
    update: "is changed",
    create: "is made",
    forget: "is forgotten",
    import: "is imported",
    move: "is moved",
    read: "is read",
    "no-op": "stays",
  }[action];
}

/** Numbers of a version, `1.36.5` of `v1.36.5-k3s1`; undefined where it is none. */
function numbers(version: string): number[] | undefined {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  return found ? [found[1], found[2], found[3] ?? 0].map(Number) : undefined;
}

/** How a version moves. */
export type Step = "major" | "minor" | "patch" | "same" | "down" | "unknown";

/** How one version leads to the other. */
export function stepOf(from: string | undefined, to: string | undefined): Step {
  const [was, is] = [numbers(from ?? ""), numbers(to ?? "")];
  if (!was || !is) return "unknown";
  const first = was.findIndex((each, i) => each !== is[i]);
  if (first < 0) return "same";
  if ((is[first] ?? 0) < (was[first] ?? 0)) return "down";
  return (["major", "minor", "patch"] as const)[first] ?? "unknown";
}
