/** Faults of what writes into InfluxDB. */
import { until } from "../../../cli/shared/process/until";
import { passwordIn } from "../../data-path/site";
import { SUNK_TOPIC, TOPIC } from "../../lifecycle/site/smallest";
import { CONNECTOR, CONSUMER } from "../site/flow";
import { look, says } from "../site/look";
import type { World } from "../site/world";
import type { Scenario } from "./scenario";

const SINKS = ["sinks"];
const TASKS = new RegExp(`^tasks of ${CONNECTOR}$`);

/** Waits until Connect says these states of the connector and its tasks. */
async function connectSays({ connect }: World, wanted: string): Promise<void> {
  const there = await until(120, async () => ((await connect.states(CONNECTOR)) === wanted ? true : undefined));
  if (!there) throw new Error(`Connect says ${await connect.states(CONNECTOR)}, not ${wanted}`);
}

const taskFailed: Scenario = async (world, checks) => {
  const { connect, flow } = world;
  await connect.put(CONNECTOR, flow.connector({ file: "/nonexistent/folder/file" }));
  await connectSays(world, "RUNNING FAILED");
  const seen = await flow.during(() => look(world, checks, "a task is FAILED while its connector is RUNNING", SINKS));
  says(checks, "a task is FAILED", seen, {
    level: "fail",
    what: TASKS,
    says: /the connector is RUNNING, 1 of 1 tasks are FAILED/,
  });
  await connect.put(CONNECTOR, flow.connector());
  await connectSays(world, "RUNNING RUNNING");
  const after = await flow.during(() => look(world, checks, "it runs again", SINKS));
  says(checks, "it runs again", after, { level: "ok", what: TASKS });
};

const connectorFailed: Scenario = async (world, checks) => {
  const { connect, flow } = world;
  await connect.goesAway();
  connect.comesBack(false);
  await connect.ready();
  const fails = await until(120, async () => (await connect.states(CONNECTOR)).startsWith("FAILED") || undefined);
  if (!fails) throw new Error(`Connect says ${await connect.states(CONNECTOR)}, not FAILED`);
  const seen = await flow.during(() => look(world, checks, "a connector is FAILED", SINKS));
  says(checks, "a connector is FAILED", seen, { level: "fail", what: TASKS, says: /the connector is FAILED/ });
  await connect.goesAway();
  connect.comesBack();
  await connect.ready();
  await connectSays(world, "RUNNING RUNNING");
};

const runningWithoutData: Scenario = async (world, checks) => {
  const { flow, data } = world;
  flow.sinks = false;
  await data.influx.query("efd", `DELETE FROM "${SUNK_TOPIC}"`);
  const seen = await flow.during(() => look(world, checks, "a sink is RUNNING and nothing arrives", SINKS));
  const about = new RegExp(`^connector ${CONNECTOR}$`);
  says(
    checks,
    "a sink is RUNNING and nothing arrives",
    seen,
    { level: "ok", what: TASKS },
    { level: "fail", what: about, says: /points of .* are missing/ },
  );
  flow.sinks = true;
  await flow.beat();
  says(checks, "it arrives again", await flow.during(() => look(world, checks, "it arrives again", SINKS)), {
    level: "ok",
    what: about,
  });
};

const ABOUT_CONSUMER = new RegExp(`^consumer ${CONSUMER}$`);

const lagGrows: Scenario = async (world, checks) => {
  const { flow, data } = world;
  await data.influx.query("", `SET PASSWORD FOR "telegraf" = 'another one'`);
  await data.influx.query("efd", `DELETE FROM "${TOPIC}"`);
  const seen = await flow.during(async () => {
    for (let i = 0; i < 3; i++) await flow.beat(false);
    return look(world, checks, "what is unread grows", SINKS);
  });
  says(checks, "what is unread grows", seen, {
    level: "fail",
    what: ABOUT_CONSUMER,
    says: /what is unread does not become less/,
  });
  const password = passwordIn("telegraf-secret").replace(/[\\']/g, "\\$&");
  await data.influx.query("", `SET PASSWORD FOR "telegraf" = '${password}'`);
  await flow.beat();
  says(checks, "it is read again", await flow.during(() => look(world, checks, "it is read again", SINKS)), {
    level: "ok",
    what: ABOUT_CONSUMER,
  });
};

const shortRecord: Scenario = async (world, checks) => {
  const { flow, data } = world;
  await flow.stopConsumer();
  const batches = [{ topic: TOPIC, hex: ["00ff"] }];
  await flow.alone(() => data.client.ask("produce", { account: data.account("ts-salkafka"), batches }));
  const seen = await flow.during(() => look(world, checks, "a record of two bytes, and nobody who reads it", SINKS));
  const stopped = { level: "fail", what: ABOUT_CONSUMER, says: /nobody reads/ } as const;
  says(checks, "a record of two bytes", seen, stopped);
  const text = seen.lines.map(({ what, measured }) => `${what} ${measured}`).join("\n");
  checks.says(
    "it names topic, partition and offset",
    text,
    /logevent_heartbeat.*partition 0.*offset \d+|offset \d+.*partition 0/,
  );
  flow.startConsumer();
  await flow.beat();
  const after = await flow.during(() => look(world, checks, "it was left out", SINKS));
  says(checks, "it was left out", after, { level: "ok", what: ABOUT_CONSUMER });
};

/** What fails in Connect, what does not arrive, and a record that nobody can read. */
export const sinkScenarios = { taskFailed, connectorFailed, runningWithoutData, lagGrows, shortRecord };
