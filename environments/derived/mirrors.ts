/** Rules of mirrors: one that copies its own site, and one whose source is another site of this program. */
import type { Environment } from "../schema";
import { NAMESPACE } from "../../ground/namespaces";
import { agentNodeAddress, isLoopback } from "../systems/cluster/nodes";
import { appsOf, EXTERNAL_PORT } from "../systems/kafka/brokers";
import { patternsOverlap } from "../systems/kafka/topics";
import type { Expectation } from "../../ground/units";
import { expectation } from "../values/expectation";
import { hostOf } from "../values/host-names";
import { systems } from "./systems";
import { type SiteRule, when } from "../values/rule";

/** Host of a `<host>:<port>`. */
const hostIn = (address: string) => address.split(":")[0] ?? "";

/** Whether an address leads to brokers of a site. */
const leadsTo = (site: Environment, address: string) =>
  ownAddresses(site).includes(hostIn(address)) ||
  appsOf(site.kafka).some((app) => hostOf(site, app) === hostIn(address));

/** Addresses and names of a site's nodes, where its NodePorts answer; undefined for those that its file does not say. */
function ownAddresses({ cluster }: Environment): (string | undefined)[] {
  if (cluster.kind === "gke") return [];
  if (cluster.kind === "existing") return [cluster.address];
  const { address, nodeAddress, tlsSans, agents } = cluster;
  return [address, nodeAddress, ...tlsSans, ...agents.map((agent) => agentNodeAddress(cluster, agent))];
}

/** Ports at which the brokers of a site are found, the one where all are first. */
function portsOf({ access, brokers }: Environment["kafka"]): number[] {
  return access.kind === "nodeport"
    ? [access.bootstrapNodePort, ...brokers.flatMap(({ nodePort }) => nodePort ?? [])]
    : [EXTERNAL_PORT];
}

/** Topics keep their names, so a mirror of its own site would read what it writes, for ever. */
const mirrorsAnotherSite: SiteRule<Environment> = (site) => {
  const { mirror } = site;
  if (!mirror) return [];
  const { bootstrap } = mirror.source;
  const host = hostIn(bootstrap);
  const own = isLoopback(host) || new RegExp(`\\.${NAMESPACE.kafka}(\\.svc(\\..+)?)?$`).test(host);
  return when(
    own || leadsTo(site, bootstrap),
    ["mirror", "source", "bootstrap"],
    "brokers of another site: these are this site's own",
    "name the other site's",
  );
};

/** A registry that registers schemas gives them the numbers of those that are copied later. */
const copiedSchemasNeedMode: SiteRule<Environment> = ({ mirror, registry }) =>
  when(
    mirror !== undefined &&
      !registry.modeIsMutable &&
      mirror.topics.some((pattern) => patternsOverlap(pattern, "_schemas")),
    ["registry", "modeIsMutable"],
    "true, for mirror.topics copies _schemas, and only a registry in mode READONLY gives no number of its own",
    "write it",
  );

/** Topics in which programs of a site keep their state. Schemas are copied on purpose. */
const STATE_TOPICS = systems
  .flatMap(({ reservedNames }) => reservedNames?.topics ?? [])
  .filter((one) => one !== "_schemas");

/** Another site's state must not go over this one's: its connectors, how far they are, groups' offsets. */
const copiesNoState: SiteRule<Environment> = ({ mirror }) =>
  (mirror?.topics ?? []).flatMap((pattern, i) => {
    const state = STATE_TOPICS.filter((topic) => patternsOverlap(pattern, topic));
    return when(
      state.length > 0 || pattern.startsWith("__"),
      ["mirror", "topics", i],
      `topics in which no program keeps its state; it takes ${state.join(", ") || "Kafka's own"}`,
      "name the topics that CSCs write (lsst.sal.*)",
    );
  });

/** Rules of a site's mirror. */
export const mirrorRules = [mirrorsAnotherSite, copiedSchemasNeedMode, copiesNoState];

/** What a mirror gets wrong of its source, where the source is this site: lines without the name of the mirror's own. */
export function mirrorMistakes(site: Environment, source: Environment): string[] {
  const { mirror } = site;
  if (!mirror || !leadsTo(source, mirror.source.bootstrap)) return [];
  const { bootstrap: given, user } = mirror.source;
  const ports = portsOf(source.kafka);
  const account = source.kafka.clients.find(({ name }) => name === user);
  const logsIn = account?.login === "scram" && (account.access === "all" || account.access === "mirror");
  const line = (key: string, value: string, expected: Expectation) =>
    `mirror.${key}: got ${JSON.stringify(value)}. ${expectation(expected)}`;
  return [
    ...(ports.includes(Number(given.split(":")[1]))
      ? []
      : [
          line("source.bootstrap", given, {
            allowed: `${hostOf(source, appsOf(source.kafka)[0] ?? "")}:${ports[0]}, where all brokers of ${source.name} are found`,
            remedy: "write it",
          }),
        ]),
    ...(logsIn
      ? []
      : [
          line("source.user", user, {
            allowed: `an account of ${source.name}'s kafka.clients with a password and the access mirror`,
            remedy: "add it there, or write its name",
          }),
        ]),
    ...mirror.topics.flatMap((topic, i) =>
      !account || mayRead(account, topic)
        ? []
        : [
            line(`topics[${i}]`, topic, {
              allowed: `topics that ${user} may read at ${source.name}`,
              remedy: `add them to it in kafka.clients of ${source.name}`,
            }),
          ],
    ),
    // Topics keep their names: what two sites copy from one another goes round and round.
    ...copiedBack(site, source).map(({ i, topic, back }) =>
      line(`topics[${i}]`, topic, {
        allowed: `topics that ${source.name} does not copy from here; it copies ${back}`,
        remedy: "copy each topic in one direction only",
      }),
    ),
  ];
}

/** Topics that a site copies from another, which copies them from it. */
function copiedBack(site: Environment, { mirror: other }: Environment) {
  if (!other || !leadsTo(site, other.source.bootstrap)) return [];
  return (site.mirror?.topics ?? []).flatMap((topic, i) => {
    const back = other.topics.filter((pattern) => patternsOverlap(pattern, topic)).join(", ");
    return back === "" ? [] : [{ i, topic, back }];
  });
}

/** Whether an account may read all that a pattern takes. */
function mayRead({ prefixes, topics }: Environment["kafka"]["clients"][number], pattern: string): boolean {
  const [beginning = ""] = pattern.split("*");
  return topics.includes(pattern) || prefixes.some((prefix) => beginning.startsWith(prefix));
}
