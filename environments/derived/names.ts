/** Rules of names: well formed, unique and free. */
import { isHostName } from "../../ground/units";
import type { Environment } from "../schema";
import type { ReservedNames } from "../values/system";
import { type Path, repeated, type SiteRule, type Violation, when } from "../values/rule";
import { hostsOf } from "./hosts";
import { LAYERS, stackName } from "./layers";
import { all, systems } from "./systems";

/** What a site lets be destroyed must be its own layers, or single resources of theirs. */
const allowDestroysNamesOwnLayers: SiteRule<Environment> = ({ name, allowDestroys }) => {
  const stacks = LAYERS.map((layer) => stackName(name, layer));
  return allowDestroys.flatMap((entry, i) =>
    when(
      !stacks.some((stack) => entry === stack || (entry.startsWith(`${stack}/`) && !entry.endsWith("/"))),
      ["allowDestroys", i],
      `${stacks.join(", ")}, each alone or with a thing behind it (${stackName(name, "efd")}/kafka)`,
      "name a stack of this site",
    ),
  );
};

/** The pattern must give a DNS name for every host. The mistake shows one of those that are wrong. */
const hostNamesAreRight: SiteRule<Environment> = (site) => {
  const wrong = hostsOf(site).find((name) => !isHostName(name));
  return when(
    wrong !== undefined,
    ["hostPattern"],
    `a pattern that gives DNS names in lower case with at most 63 characters between dots; this one gives ${wrong}`,
    "correct it or take a shorter name of the site",
  );
};

/** Names of consumers, agents, accounts and topics are identities. */
const namesAreUnique: SiteRule<Environment> = (site) =>
  all(site, ({ uniqueNames }) => uniqueNames).flatMap(({ path, names, remedy = "rename one of them" }) =>
    [...repeated(names)].map(([name]) => ({
      path,
      found: `${JSON.stringify(name)} occurs more than once`,
      allowed: "once",
      remedy,
    })),
  );

/** The mistake of a name that a system uses itself, where it is one. */
function reserved(kind: keyof ReservedNames, name: string, path: Path): Violation[] {
  const names = systems.flatMap(({ reservedNames }) => reservedNames?.[kind] ?? []);
  return when(
    names.includes(name),
    path,
    `any name but ${names.join(", ")}, which the ${kind} of this program and of Kafka itself have`,
    "rename it",
  );
}

/** Topics of which the line above speaks. */
const KAFKA_TOPICS = new Set(systems.flatMap(({ reservedNames }) => reservedNames?.topics ?? []));

/** A client with the name of an account of ours would get the rights of that account, and no program would refuse it. */
const reservedNamesAreOurs: SiteRule<Environment> = (site) => [
  ...site.kafka.clients.flatMap(({ name }, i) => reserved("accounts", name, ["kafka", "clients", i, "name"])),
  ...site.kafka.topics.flatMap(({ name }, i) => [
    ...reserved("topics", name, ["kafka", "topics", i, "name"]),
    ...when(
      name.startsWith("__") && !KAFKA_TOPICS.has(name),
      ["kafka", "topics", i, "name"],
      "a name without two underscores in front, which Kafka's own topics have",
      "rename it",
    ),
  ]),
  ...all(site, ({ sinks }) => sinks).flatMap(({ path, database }) =>
    reserved("databases", database, [...path, "database"]),
  ),
];

/** Strimzi begins the names of its own Secrets in the namespace `kafka` with the cluster's. */
const STRIMZI_SECRETS = /^efd-/;

/**
 * Strimzi keeps what an account logs in with in a Secret with its name. One of another use with that name would be overwritten,
 * and its reader would get that password.
 */
const secretsOfClientsAreFree: SiteRule<Environment> = ({ kafka: { clients } }) => {
  const fixed = systems.flatMap(({ reservedNames }) => reservedNames?.secrets ?? []);
  const accounts = systems.flatMap(({ reservedNames }) => reservedNames?.accounts ?? []);
  const ofAccounts = new Map([...accounts, ...clients.map(({ name }) => name)].map((name) => [`kafka-${name}`, name]));
  return clients.flatMap(({ name }, i) => {
    // Another rule finds the name of an account of ours.
    if (accounts.includes(name)) return [];
    const account = ofAccounts.get(name);
    const use = account === undefined ? "this program or Strimzi makes one" : `the password of ${account} is in one`;
    return when(
      account !== undefined || fixed.includes(name) || STRIMZI_SECRETS.test(name),
      ["kafka", "clients", i, "name"],
      `any name that no other Secret of the namespace kafka has: ${use} of this name`,
      "rename it",
    );
  });
};

/** Topics of programs themselves begin so: those of Kafka, of the registry, of Confluent's and of Strimzi's. */
const INTERNAL = "_";

/**
 * Whoever may write the topics that programs keep their own state in can destroy it: schemas, offsets, settings of
 * connectors.
 */
const rightsLeaveOutOwnTopics: SiteRule<Environment> = ({ kafka: { clients }, restProxy }) => {
  const own = systems.flatMap(({ reservedNames }) => reservedNames?.topics ?? []);
  const writers = [
    ...clients.flatMap(({ access, prefixes, topics }, i) =>
      access === "all" || access === "read-write" ? [{ path: ["kafka", "clients", i], prefixes, topics }] : [],
    ),
    ...(restProxy ? [{ path: ["restProxy"], prefixes: restProxy.prefixes, topics: [] }] : []),
  ];
  const refused = (path: Path, covered: string | undefined): Violation[] =>
    when(
      covered !== undefined,
      path,
      `topics that no program of this site keeps its state in; ${covered} is one that it could write`,
      "narrow it to the topics of its program, or let it read only",
    );
  return writers.flatMap(({ path, prefixes, topics }) => [
    ...prefixes.flatMap((prefix, i) =>
      refused(
        [...path, "prefixes", i],
        prefix.startsWith(INTERNAL) ? prefix : own.find((topic) => topic.startsWith(prefix)),
      ),
    ),
    ...topics.flatMap((topic, i) =>
      refused([...path, "topics", i], topic.startsWith(INTERNAL) || own.includes(topic) ? topic : undefined),
    ),
  ]);
};

/** Kubernetes opens a NodePort on every node, so one thing can use it. */
const nodePortsAreUnique: SiteRule<Environment> = (site) => {
  const uses = all(site, ({ nodePorts }) => nodePorts);
  return [...repeated(uses.map(({ port }) => port))].map(([port, indexes]) => ({
    path: ["kafka"],
    found: `NodePort ${port} is used by ${indexes.map((i) => uses[i]?.name).join(" and ")}`,
    allowed: "one user each",
    remedy: "give one of them another port",
  }));
};

/** Rules of names. */
export const nameRules = [
  allowDestroysNamesOwnLayers,
  hostNamesAreRight,
  namesAreUnique,
  reservedNamesAreOurs,
  secretsOfClientsAreFree,
  rightsLeaveOutOwnTopics,
  nodePortsAreUnique,
];
