/** Rules of Telegraf's consumers. */
import { type SiteRule, when } from "../../values/rule";
import { BUFFERED_POINTS } from "./defaults";

/** What the rules read of a site. */
interface ConsumersSite {
  readonly telegraf: {
    readonly consumers: readonly {
      readonly name: string;
      readonly batchSize: number;
      readonly maxUndelivered: number;
      readonly repair?: number | undefined;
    }[];
  };
}

/**
 * The repair's consumer group: Kafka keeps its offsets under this name, so a group with another number begins at the
 * oldest message again.
 */
export function repairerOf(consumer: string, repair: number): string {
  return `${consumer}-repairer-${repair}`;
}

/** Two consumers of one group would share its topics, and a review takes a group of this name for a repair. */
const namesAreNoRepairers: SiteRule<ConsumersSite> = ({ telegraf: { consumers } }) =>
  consumers.flatMap(({ name }, i) =>
    when(
      /-repairer(-\d+)?$/.test(name),
      ["telegraf", "consumers", i, "name"],
      "a name that does not end with -repairer or -repairer-<number>, as the groups of repairs do",
      "rename it",
    ),
  );

/** While InfluxDB is away Telegraf drops the oldest points of a full buffer, and commits their offsets. */
const undeliveredFitBuffer: SiteRule<ConsumersSite> = ({ telegraf: { consumers } }) =>
  consumers.flatMap(({ maxUndelivered, repair }, i) => {
    const inputs = repair === undefined ? 1 : 2;
    const most = BUFFERED_POINTS / inputs;
    return when(
      maxUndelivered > most,
      ["telegraf", "consumers", i, "maxUndelivered"],
      `at most ${most}, for ${inputs === 1 ? "Telegraf's buffer holds" : "consumer and repair share a buffer of"} ${BUFFERED_POINTS} points and drops the oldest when it is full`,
      "lower it",
    );
  });

/** What is not delivered waits for a full batch, which would never come: each flush would write `maxUndelivered` points. */
const batchesFill: SiteRule<ConsumersSite> = ({ telegraf: { consumers } }) =>
  consumers.flatMap(({ batchSize, maxUndelivered }, i) =>
    when(
      batchSize > maxUndelivered,
      ["telegraf", "consumers", i, "batchSize"],
      `at most ${maxUndelivered}, maxUndelivered, for a batch is never full otherwise and waits for each flushInterval`,
      "lower it or raise maxUndelivered",
    ),
  );

/** Rules of Telegraf. */
export const rules = [namesAreNoRepairers, undeliveredFitBuffer, batchesFill];
