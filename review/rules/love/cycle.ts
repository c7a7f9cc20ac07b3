/** The control-system cycle: tags of LOVE's images. */
import { type Resource, sides } from "../../read/resources";
import { ifReadable } from "../reading";
import { onEach, type LayerResources, type ResourceFinding, type Rule } from "../rule";
import { imagesOf, isLove, LOVE_WORKLOADS } from "./parts";

/** One of LOVE's own images: `love-manager` of cycle 44, revision 7. */
interface CycleImage {
  readonly name: string;
  readonly tag: string;
  readonly cycle: number;
  /** A cycle without one counts as its first. */
  readonly revision: number;
}

function cycleImages(images: readonly string[]): CycleImage[] {
  return images.flatMap((image) => {
    const [, name, tag, cycle, revision] = /([^/:]+):(c(\d{4})(?:\.(\d{3}))?)$/.exec(image) ?? [];
    return name !== undefined && tag !== undefined
      ? [{ name, tag, cycle: Number(cycle), revision: Number(revision ?? 0) }]
      : [];
  });
}

const isLower = (one: CycleImage, other: CycleImage): boolean =>
  one.cycle < other.cycle || (one.cycle === other.cycle && one.revision < other.revision);

/** Cycles of all images of a layer afterwards, in words; undefined where there is one. */
function mixtureOf({ resources }: LayerResources): string | undefined {
  const images = resources
    .filter((one) => isLove(one) && LOVE_WORKLOADS.includes(one.type) && one.after !== undefined)
    .flatMap((one) => ifReadable(() => cycleImages(imagesOf(one.after))));
  const byCycle = new Map<number, Set<string>>();
  for (const { cycle, name } of images) byCycle.set(cycle, (byCycle.get(cycle) ?? new Set()).add(name));
  const each = [...byCycle].sort(([a], [b]) => a - b);
  return each.length < 2
    ? undefined
    : each
        .map(([cycle, names]) => `c${String(cycle).padStart(4, "0")} (${[...names].sort().join(", ")})`)
        .join(" and ");
}

function imageSays(from: CycleImage, to: CycleImage, mixture: string | undefined): ResourceFinding {
  const lower = isLower(to, from);
  const base = { subject: from.name, what: `${from.name} goes from ${from.tag} to ${to.tag}` };
  if (mixture !== undefined)
    return {
      ...base,
      what: `${base.what}, and LOVE then runs ${mixture}`,
      why: "messages and topics are those of a cycle: what one of them does not know it leaves out or refuses",
      remedy: "change love.images.cycle, which all of them follow",
    };
  if (lower)
    return {
      ...base,
      why: "what a later manager did to the database stays: its migrations are not taken back, and an older one may refuse it",
      remedy: "restore a backup of the database from before, or stay",
    };
  return {
    ...base,
    risk: "restarts",
    why: "every program with this image starts again; what a new manager does to the database is not taken back by going back",
    remedy: "do it outside observing hours, after a backup of the database",
  };
}

function workloadCycle(resource: Resource, layer: LayerResources): ResourceFinding[] {
  if (!isLove(resource) || resource.action !== "update") return [];
  const [was, is] = sides(resource, (side) => cycleImages(imagesOf(side)));
  return was.flatMap((from) => {
    const to = is.find(({ name }) => name === from.name);
    return to && to.tag !== from.tag ? [imageSays(from, to, mixtureOf(layer))] : [];
  });
}

/** All of them. */
export const CYCLE_RULES: readonly Rule[] = [
  {
    id: "love-cycle",
    explanation:
      "Images of LOVE are of another cycle or revision: its programs restart. A lower one may refuse the database; images of two cycles do not know each other's topics.",
    risk: "interrupts",
    find: (layer) => onEach(LOVE_WORKLOADS, (resource) => workloadCycle(resource, layer))(layer),
  },
];
