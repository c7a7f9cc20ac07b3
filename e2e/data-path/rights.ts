/** What accounts may not do, they cannot. */
import { RECORDS } from "./arrival";
import type { Checks } from "./check";
import { recordOf, schemaOf, SHAPES } from "./shapes";
import type { World } from "./world";

const SAL = "lsst.sal.Test.logevent_heartbeat";
const CAMERA = "lsst.MTCamera.quadbox_BFR";

/** Who reads what, in which group, and what comes of it: a number of records, or Kafka's refusal. */
const READS: readonly [account: string, topic: string, group: string, outcome: number | string][] = [
  ["telegraf", SAL, "telegraf-kafka-consumer-try", RECORDS],
  ["consdb", SAL, "consdb", RECORDS],
  ["consdb", CAMERA, "consdb", "TOPIC_AUTHORIZATION_FAILED"],
  ["prompt-processing", SAL, "prompt-processing", "TOPIC_AUTHORIZATION_FAILED"],
  ["rest-proxy", SAL, "any", "GROUP_AUTHORIZATION_FAILED"],
  ["telegraf", SAL, "consdb", "GROUP_AUTHORIZATION_FAILED"],
];

/** Who writes where it may not. */
const WRITES: readonly [account: string, topic: string][] = [
  ["telegraf", SAL],
  ["consdb", SAL],
  ["camera", SAL],
  ["ts-salkafka", CAMERA],
];

/** Tries all of it. */
export async function rightsHold(world: World, checks: Checks): Promise<void> {
  const { client } = world;
  for (const [name, topic, group, outcome] of READS) {
    const least = typeof outcome === "number" ? outcome : 1;
    const read = await client.ask("read", { account: world.account(name), group, topic, least });
    checks.same(`${name} reads ${topic} in the group ${group}`, read, outcome);
  }
  for (const [name, topic] of WRITES) {
    const shape = SHAPES.find((one) => one.topic === topic);
    if (!shape) throw new Error(`there is no ${topic}`);
    const batches = [{ topic, schema: schemaOf(shape), records: [recordOf(shape, Date.now() * 1000)] }];
    const said = await client.ask("produce", { account: world.account(name), batches });
    checks.same(`${name} writes ${topic}`, said, ["TOPIC_AUTHORIZATION_FAILED"]);
  }
  const stranger = { name: "consdb", password: "another one" };
  const said = await client.ask("read", { account: stranger, group: "consdb", topic: SAL });
  checks.same("consdb with a wrong password", said, "_AUTHENTICATION");
}
