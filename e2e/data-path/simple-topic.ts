/** Topics of the consumer to which everything happens. */
import type { World } from "./world";

/** A topic with a schema of its own. */
export interface Topic {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** Number of the schema where the registry cannot be asked. @default - it is asked */
  readonly id?: number;
}

/** A topic of the consumer, which is made; `x` has a type of Avro. */
export async function simple(world: World, name: string, type: "int" | "double" = "double"): Promise<Topic> {
  const topic = {
    name: `lsst.sal.Test.${name}`,
    schema: {
      type: "record",
      name,
      namespace: "lsst.sal.Test",
      fields: [
        { name: "private_efdStamp", type: "double" },
        { name: "x", type },
        { name: "n", type: "long" },
        { name: "place", type: "string" },
      ],
    },
  };
  await world.client.ask("topics", { names: [topic.name], account: world.account("ts-salkafka") });
  return topic;
}

/** One time for the whole run, so that a record's number decides on its point. */
const BASE = Math.floor(Date.now() / 1000) - 1000;

/** Sends records: the first has this number, each a second after the one before. */
export async function send(
  world: World,
  { name, schema, id }: Topic,
  count: number,
  first = 0,
  begin = BASE,
): Promise<void> {
  const records = Array.from({ length: count }, (_, i) => first + i).map((n) => ({
    private_efdStamp: begin + n,
    x: n,
    n,
    place: `number ${n}`,
  }));
  const account = world.account("ts-salkafka");
  const said = await world.client.ask<unknown[]>("produce", {
    account,
    batches: [{ topic: name, schema, id, records }],
  });
  if (said.some((one) => one !== null)) throw new Error(`${name}: Kafka refused ${JSON.stringify(said)}`);
}
