/** `npm run subsystem`: twice is once, and what was killed completes when it is run again. */
import { setTimeout as sleep } from "node:timers/promises";
import { NAMESPACE } from "../../../ground/namespaces";
import { inside } from "../../../synthesized/stack";
import type { Checks } from "../../data-path/check";
import type { Ended } from "../site/command";
import { CONSUMER } from "../site/flow";
import { BROKERS } from "../site/site";
import type { World } from "../site/world";
import type { Scenario } from "./scenario";

const CSC = "Test";
/** The part of a whole run that comes after Node has started. */
const PART = 0.7;
/** How often one is killed. */
const KILLS = 4;

/** Starts the consumer's program again when its Deployment is rolled, as a kubelet does. */
async function withKubelet<T>({ plane, flow }: World, act: () => Promise<T>): Promise<T> {
  const path = `/apis/apps/v1/namespaces/${NAMESPACE.telegraf}/deployments/telegraf-${CONSUMER}`;
  const mark = async () => JSON.stringify(inside(await plane.api.get(path), "spec", "template", "metadata"));
  let [over, known] = [false, await mark()];
  const loop = (async () => {
    while (!over) {
      const now = await mark();
      if (now !== known) {
        known = now;
        await flow.stopConsumer();
        flow.startConsumer();
      }
      await sleep(500);
    }
  })();
  try {
    return await act();
  } finally {
    over = true;
    await loop;
  }
}

const init = ({ command }: World, topics: readonly string[], end?: readonly [NodeJS.Signals, () => Promise<unknown>]) =>
  command.run("subsystem", ["init", CSC, "--topics", topics.join(","), "--yes", "--json"], end ? { end } : {});

/** What `show` says of the topics: all that a run of `init` can change. */
async function state({ command }: World): Promise<string> {
  const { stdout } = await command.run("subsystem", ["show", CSC, "--json"]);
  const { topics } = JSON.parse(stdout) as { topics?: readonly Readonly<Record<string, unknown>>[] };
  const kept = (topics ?? []).map(({ name, topic, partitions, replication, copies }) => ({
    name: name ?? topic,
    partitions,
    copies: replication ?? copies,
  }));
  return JSON.stringify(kept);
}

/** Sees that it is done, and that nothing is left to do. */
function isDone(checks: Checks, what: string, { code, stdout, stderr }: Ended, nothing: boolean): void {
  const said = stdout.startsWith("{") ? (JSON.parse(stdout) as { done?: boolean; create?: unknown[] }) : {};
  checks.same(
    what,
    { code, done: said.done, ...(nothing ? { create: said.create } : {}) },
    {
      code: 0,
      done: true,
      ...(nothing ? { create: [] } : {}),
    },
  );
  if (code !== 0) console.log(`        ${stderr.slice(-600)}`);
}

const initTwice: Scenario = async (world, checks) => {
  const topics = ["logevent_one", "logevent_two"];
  await withKubelet(world, async () => {
    isDone(checks, "init makes topics, and its consumer reads them", await init(world, topics), false);
    const before = await state(world);
    checks.says("they have the site's copies", before, new RegExp(`logevent_one.*${BROKERS.length}`));
    isDone(checks, "init again has nothing to do", await init(world, topics), true);
    checks.same("and the state is the same", await state(world), before);
  });
};

const initKilled: Scenario = async (world, checks) => {
  const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 1e6));
  console.log(`        seed of the moments: ${seed}`);
  // Numbers of a linear congruential generator: the same seed kills at the same moments.
  let random = seed;
  const next = () => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  await withKubelet(world, async () => {
    const whole = await init(world, ["logevent_whole"]);
    isDone(checks, `a whole run of ${whole.seconds.toFixed(1)} s`, whole, false);
    for (let kill = 0; kill < KILLS; kill++) {
      const topics = [1, 2, 3].map((n) => `logevent_killed${kill}_${n}`);
      const moment = Math.round(whole.seconds * 1000 * PART * next());
      const killed = await init(world, topics, ["SIGKILL", () => sleep(moment)]);
      const what = `killed ${moment} ms after its start${killed.code === undefined ? "" : ", when it had ended"}`;
      isDone(checks, `${what}, run again: completes`, await init(world, topics), false);
      isDone(checks, `${what}: nothing is left to do`, await init(world, topics), true);
    }
  });
};

/** Twice, and killed. */
export const subsystemScenarios = { initTwice, initKilled };
