/** Faults of Kafka. */
import { until } from "../../../cli/shared/process/until";
import { isSaid, look, says, type Wanted, SHORT } from "../site/look";
import type { World } from "../site/world";
import type { Checks } from "../../data-path/check";
import type { Scenario } from "./scenario";

const KAFKA = ["kafka"];

/** Looks until it says all of this: brokers need some seconds to see that one is away, or back, and each thing has its own. */
async function eventually(world: World, checks: Checks, what: string, ...wanted: readonly Wanted[]): Promise<void> {
  let seen = await look(world, checks, what, KAFKA);
  await until(180, async () => {
    if (wanted.every((one) => isSaid(seen, one))) return true;
    seen = await look(world, checks, what, KAFKA);
    return undefined;
  });
  says(checks, what, seen, ...wanted);
}

const brokerKilled: Scenario = async (world, checks) => {
  const [node] = world.data.kafka.nodes.slice(-1);
  const way = world.way(`broker-${node?.id ?? 0}`);
  await node?.goesAway();
  await way.set("refuses");
  await eventually(
    world,
    checks,
    "a broker is killed",
    { level: "fail", what: /^brokers$/, says: new RegExp(`missing: ${node?.id}`) },
    { level: "warn", what: /^copies in sync$/, says: /lack some/ },
    { level: "ok", what: /^leaders of partitions$/ },
  );
  node?.comesBack();
  await way.set("passes");
  await eventually(
    world,
    checks,
    "the broker is back",
    { level: "ok", what: /^brokers$/ },
    { level: "ok", what: /^copies in sync$/ },
  );
};

const tooFewCopies: Scenario = async (world, checks) => {
  const names = ["lsst.sal.Other.single"];
  const { client } = world.data;
  const account = world.data.account("ts-salkafka");
  await world.flow.alone(() => client.ask("topics", { names, account }));
  const seen = await look(world, checks, "a topic with one copy", KAFKA);
  says(checks, "a topic with one copy", seen, {
    level: "warn",
    what: /^number of copies$/,
    says: /lsst\.sal\.Other\.single/,
  });
  await world.flow.alone(() => client.ask("remove", { names }));
  const after = await look(world, checks, "without it", KAFKA);
  says(checks, "without it", after, { level: "ok", what: /^number of copies$/ });
};

const brokersSilent: Scenario = async (world, checks) => {
  const ways = world.data.kafka.nodes.map(({ id }) => world.way(`broker-${id}`));
  for (const way of ways) await way.set("silent");
  const seen = await look(world, checks, "no broker ever answers", KAFKA, SHORT);
  says(checks, "no broker ever answers", seen, { level: "unknown", what: /brokers, controller/ });
  for (const way of ways) await way.set("passes");
};

/** A broker that is killed, a topic with one copy, brokers that never answer. */
export const kafkaScenarios = { brokerKilled, tooFewCopies, brokersSilent };
