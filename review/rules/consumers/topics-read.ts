/** Who reads which topics, and what their points are: rules for every program that reads Kafka. */
import { worst } from "../../model/model";
import type { Resource } from "../../read/resources";
import { allLoads, heirsOf } from "./all-loads";
import { inWords, type Load, programOf, takesAll } from "../loads";
import { pointChanges, pointsId } from "./point-changes";
import { type LayerResources, type Rule, type RuleFinding, without } from "../rule";

/** Loads under the text that `key` makes of them, each with what `of` takes from it. */
function grouped<T>(list: readonly T[], key: (one: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const one of list) {
    const group = groups.get(key(one));
    if (group) group.push(one);
    else groups.set(key(one), [one]);
  }
  return [...groups.values()];
}

const topicsIn = (loads: readonly Load[]): string => inWords(loads.map(({ topics }) => topics));

/** Whether a program is gone or stopped, which a rule of its own says. */
function isGone({ program }: Load, resources: readonly Resource[]): boolean {
  const deployment = resources.find(({ type, name }) => type === "kubernetes_deployment_v1" && name === program);
  return deployment?.action === "delete";
}

interface Moved {
  readonly was: Load;
  readonly is: Load;
}

/** What of these topics is still written, where a narrower pattern takes some. */
function except(lost: readonly Load[], after: readonly Load[]): string {
  const still = after.filter((one) =>
    lost.some((was) => was.database === one.database && takesAll(was.topics, one.topics)),
  );
  return still.length > 0 ? `, but for ${topicsIn(still)}` : "";
}

/** Topics that nobody writes any more, and those that go into another place. */
function lostSays({ resources }: LayerResources): RuleFinding[] {
  const { before, after } = allLoads(resources);
  const without = before.filter((load) => heirsOf(load, after).length === 0);
  const elsewhere = without.flatMap((was): Moved[] => {
    const is = after.find(
      (one) =>
        takesAll(one.topics, was.topics) &&
        !before.some((old) => old.database === one.database && takesAll(old.topics, was.topics)),
    );
    return is ? [{ was, is }] : [];
  });
  const moved = new Set(elsewhere.map(({ was }) => was));
  const lost = without.filter((load) => !moved.has(load) && !isGone(load, resources));
  return [
    ...grouped(lost, ({ program, database }) => `${program}\n${database}`).map((loads): RuleFinding => ({
      resource: loads[0].resource,
      what: `nobody writes ${topicsIn(loads)} into ${loads[0].database} any more, as ${programOf(loads[0])} did${except(loads, after)}`,
      why: "what producers send stays in Kafka for its retention and does not arrive in InfluxDB",
      remedy: "give the topics to another consumer; it begins at the oldest message that Kafka has",
    })),
    ...grouped(elsewhere, ({ was, is }) => `${is.program}\n${was.database}\n${is.database}`).map(
      (each): RuleFinding => {
        const [{ was, is }] = each;
        return {
          resource: is.resource,
          what: `${programOf(is)} writes ${topicsIn(each.map((one) => one.was))} into ${is.database} instead of ${was.database}`,
          why: `whoever reads ${was.database} misses what is new, and what was written there stays there, by its retention`,
          remedy: "change the readers in the same step, and check that the new place keeps it for as long",
        };
      },
    ),
  ];
}

/** Topics that two programs write into one place, and did not before. */
function doubledSays({ resources }: LayerResources): RuleFinding[] {
  const { before, after } = allLoads(resources);
  const pairs = (loads: readonly Load[]) =>
    loads.flatMap((one) =>
      heirsOf(one, loads)
        .filter(
          (other) => other.resource !== one.resource && (other.topics !== one.topics || other.program > one.program),
        )
        .map((other) => ({ one, names: [one.program, other.program].sort().join(" and "), topics: one.topics })),
    );
  const was = new Set(pairs(before).map(({ names, topics }) => `${names} ${topics}`));
  const come = pairs(after).filter(({ names, topics }) => !was.has(`${names} ${topics}`));
  return grouped(come, ({ names, one }) => `${names}\n${one.database}`).map((each): RuleFinding => ({
    resource: each[0].one.resource,
    risk: "restarts",
    what: `${each[0].names} both write ${inWords(each.map(({ topics }) => topics))} into ${each[0].one.database}`,
    why: "each point is written twice, at the cost of both; with the same time and tags InfluxDB keeps one",
    remedy: "leave the topics to one of them",
  }));
}

/** Programs that read once more what Kafka still has. */
function repairsSay({ resources }: LayerResources): RuleFinding[] {
  const { before, after } = allLoads(resources);
  return grouped(after, ({ program }) => program).flatMap((loads): RuleFinding[] => {
    const [is] = loads;
    const known = before.filter(({ program }) => program === is.program).flatMap(({ repairs }) => repairs);
    const come = without(is.repairs, known);
    if (come.length === 0) return [];
    return [
      {
        resource: is.resource,
        risk: "restarts",
        what: `${programOf(is)} reads ${topicsIn(loads)} once more, as the group ${inWords(come)}`,
        why: "a repair begins at the oldest message that Kafka has and writes all points again, as the same ones: Kafka and InfluxDB have that load beside the usual one",
        remedy: "expect load until it has caught up, and take the repair away then",
      },
    ];
  });
}

/** Topics that another program, or another group of the same one, reads from now on. */
function handedOver({ resources }: LayerResources): Moved[] {
  const { before, after } = allLoads(resources);
  return before.flatMap((was): Moved[] => {
    const heirs = heirsOf(was, after);
    const [is] = heirs;
    return is && !heirs.some((one) => one.group === was.group && one.program === was.program) ? [{ was, is }] : [];
  });
}

function handoverSays(layer: LayerResources): RuleFinding[] {
  return grouped(handedOver(layer), ({ was, is }) => `${was.program}\n${is.program}\n${is.database}`).map(
    (each): RuleFinding => {
      const [{ was, is }] = each;
      const topics = topicsIn(each.map((one) => one.was));
      const what =
        was.program === is.program
          ? `${programOf(is)} reads ${topics} as the group ${is.group} instead of ${was.group}`
          : `${programOf(is)} writes ${topics} into ${is.database} instead of ${programOf(was)}`;
      if (is.points.get("offset") === '"newest"')
        return {
          resource: is.resource,
          risk: "interrupts",
          what,
          why: "its consumer group begins at the newest message: what the other one has not written by then is never written",
          remedy: "let it begin at the oldest message",
        };
      if (was.kind !== is.kind)
        return {
          resource: is.resource,
          risk: "interrupts",
          what: `${what}`,
          why: "it begins at the oldest message that Kafka has, and makes times, tags and names of fields in its own way: points of Kafka's retention may stand there twice, and queries may miss new ones",
          remedy: "compare one message as both write it, and tell those who query that time",
        };
      return {
        resource: is.resource,
        risk: "restarts",
        what,
        why: "its consumer group has read none of it: it begins at the oldest message that Kafka has and writes points again that are there",
        remedy: "expect load until it has caught up",
      };
    },
  );
}

/** What changes about the points of topics that are written before and after. */
function pointsSay({ resources }: LayerResources): RuleFinding[] {
  const { before, after } = allLoads(resources);
  const pairs = before.flatMap((was): Moved[] => {
    const same = heirsOf(was, after);
    const heirs = same.length > 0 ? same : after.filter((one) => takesAll(one.topics, was.topics));
    const is = heirs.find((one) => one.program === was.program) ?? heirs[0];
    return is && is.kind === was.kind ? [{ was, is }] : [];
  });
  const told = pairs.flatMap(({ was, is }) => pointChanges(was, is).map((change) => ({ was, is, change })));
  return grouped(told, ({ is, change }) => `${is.program}\n${change.risk}\n${change.what}`).map((each): RuleFinding => {
    const [{ is, change }] = each;
    return {
      resource: is.resource,
      risk: worst([change.risk]),
      subject: programOf(is),
      what: `${programOf(is)} ${change.what}: ${topicsIn(each.map(({ was }) => was))}`,
      why: change.why,
      remedy: change.remedy,
      id: pointsId(is),
    };
  });
}

/** All of them. */
export const TOPICS_READ_RULES: readonly Rule[] = [
  {
    id: "consumer-topics",
    explanation:
      "Topics are read by nobody any more, by two, by another program than before, once more by a repair, or go into another database.",
    risk: "interrupts",
    find: (layer) => [
      ...lostSays(layer),
      ...doubledSays(layer),
      ...handoverSays(layer),
      ...repairsSay(layer),
      ...allLoads(layer.resources).unjudged,
    ],
  },
  {
    id: "points",
    explanation:
      "A consumer or a sink makes points in another way: their time, tags, fields, names or database. Points are dropped, overwrite others, or are missed by old queries.",
    risk: "loses data",
    find: (layer) => [...pointsSay(layer), ...allLoads(layer.resources).unjudged],
  },
];
