import { parse, stringify } from "smol-toml";

/** What Telegraf says when it got as far as asking brokers for topics and none answered. */
export const NO_BROKER = "client has run out of available brokers";

/** Nothing listens on this port of the loopback address. */
const NOWHERE = "127.0.0.1:1";

interface Configuration {
  inputs: { kafka_consumer: Record<string, unknown>[] };
}

/** Whether a configuration reads Kafka; others can be checked as they are. */
export function consumesKafka(text: string): boolean {
  return (parse(text) as { inputs?: { kafka_consumer?: unknown } }).inputs?.kafka_consumer !== undefined;
}

/**
 * Two copies of a consumer's configuration that Telegraf can check without a broker. With `topic_regexps` it
 * compiles the patterns and then asks the brokers for topics, which fails; with the patterns written as names of
 * topics it goes on to the end.
 */
export function offlineCopies(text: string): { withPatterns: string; withTopics: string } {
  const copy = (change: (input: Record<string, unknown>) => Record<string, unknown>): string => {
    const configuration = parse(text) as unknown as Configuration;
    configuration.inputs.kafka_consumer = configuration.inputs.kafka_consumer.map((input) =>
      change({ ...input, brokers: [NOWHERE] }),
    );
    return stringify(configuration);
  };
  return {
    withPatterns: copy((input) => input),
    withTopics: copy(({ topic_regexps, ...input }) => ({ ...input, topics: topic_regexps })),
  };
}
