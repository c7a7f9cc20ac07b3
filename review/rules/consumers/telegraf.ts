/** Telegraf's consumers, which write messages of Kafka into InfluxDB. */
import { goes } from "../../read/resources";
import { allLoads, heirsOf } from "./all-loads";
import { inWords } from "../loads";
import { numberAt } from "../reading";
import { onEach, type Rule } from "../rule";

/** All of them. */
export const TELEGRAF_RULES: readonly Rule[] = [
  {
    id: "consumer-goes",
    explanation: "A consumer's Deployment is deleted or replaced, or has no replica.",
    risk: "interrupts",
    find: onEach(["kubernetes_deployment_v1"], (resource, { resources }) => {
      if (!/^telegraf-/.test(resource.name)) return undefined;
      const stopped = resource.action === "update" && numberAt(1, resource.after, "spec", "replicas") === 0;
      if (!goes(resource) && !stopped) return undefined;
      const { before, after } = allLoads(resources);
      const own = before.filter(({ program }) => program === resource.name);
      const running = stopped ? after.filter(({ program }) => program !== resource.name) : after;
      const left = own.filter((load) => heirsOf(load, running).length === 0);
      const done = stopped ? "is stopped" : resource.action === "delete" ? "is deleted" : "is replaced";
      const what = `the consumer ${resource.name} ${done}`;
      if (own.length > 0 && left.length === 0) {
        const heirs = own.flatMap((load) => heirsOf(load, running).map(({ program }) => program));
        return {
          risk: "restarts",
          what: heirs.includes(resource.name) ? what : `${what}, and ${inWords(heirs)} has its topics`,
          why: "no data are lost: what comes meanwhile stays in Kafka for its retention, and is written afterwards",
          remedy: "nothing, where Kafka keeps more than the change takes",
        };
      }
      return {
        what: `${what}, and nobody writes ${left.length > 0 ? inWords(left.map(({ topics }) => topics)) : "its topics, as far as this layer shows,"} any more`,
        why: "its topics stay in Kafka for their retention and do not arrive in InfluxDB",
        remedy: "give the topics to another consumer; it begins at the oldest message that Kafka has",
      };
    }),
  },
];
