/** Rules of mirrors: one that copies its own site, and one whose source is another site of this program. */
import type { Environment } from "../schema";
import { NAMESPACE } from "../../ground/namespaces";
import { isLoopback } from "../systems/cluster/nodes";
import { appsOf, EXTERNAL_PORT } from "../systems/kafka/brokers";
import { patternsOverlap } from "../systems/kafka/topics";
import type { Expectation } from "../../ground/units";
import { expectation } from "../values/expectation";
import { hostOf } from "../values/host-names";
import { type SiteRule, when } from "../values/rule";

/** Host of a `<host>:<port>`. */
const hostIn = (address: string) => address.split(":")[0] ?? "";

/** Whether an address leads to brokers of a site. */
const leadsTo = (site: Environment, address: string) =>
  appsOf(site.kafka).some((app) => hostOf(site, app) === hostIn(address));

/** Ports at which the brokers of a site are found, the one where all are first. */
function portsOf({ access, brokers }: Environment["kafka"]): number[] {
  return access.kind === "nodeport"
    ? [access.bootstrapNodePort, ...brokers.flatMap(({ nodePort }) => nodePort ?? [])]
    : [EXTERNAL_PORT];
}

/** Topics keep their names, so a mirror of its own site would read what it writes, for ever. */
const mirrorsAnotherSite: SiteRule<Environment> = (site) => {
  const { mirror, cluster } = site;
  if (!mirror) return [];
  const { bootstrap } = mirror.source;
  const host = hostIn(bootstrap);
  const own =
    (cluster.kind !== "gke" && cluster.address === host) ||
    isLoopback(host) ||
    new RegExp(`\\.${NAMESPACE.kafka}(\\.svc(\\..+)?)?$`).test(host);
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

/** Rules of a site's mirror. */
export const mirrorRules = [mirrorsAnotherSite, copiedSchemasNeedMode];

/** What a mirror gets wrong of its source, where the source is this site: lines without the name of the mirror's own. */
export function mirrorMistakes({ mirror }: Environment, source: Environment): string[] {
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
  ];
}

/** Whether an account may read all that a pattern takes. */
function mayRead({ prefixes, topics }: Environment["kafka"]["clients"][number], pattern: string): boolean {
  const [beginning = ""] = pattern.split("*");
  return topics.includes(pattern) || prefixes.some((prefix) => beginning.startsWith(prefix));
}
