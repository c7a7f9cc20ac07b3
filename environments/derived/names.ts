/** Rules of names: well formed, unique and free. */
import { isHostName } from "../../ground/units";
import type { Environment } from "../schema";
import type { ReservedNames } from "../values/system";
import { repeated, type Rule, when } from "../values/rule";
import { hostsOf } from "./hosts";
import { LAYERS, stackName } from "./layers";
import { all, systems } from "./systems";

/** What a site lets be destroyed must be its own layers, or single resources of theirs. */
const allowDestroysNamesOwnLayers: Rule<Environment> = ({ name, allowDestroys }) => {
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

/** The pattern must give a DNS name for everything that has one. Of several that are wrong one is shown. */
const hostNamesAreRight: Rule<Environment> = (site) => {
  const wrong = hostsOf(site).find((name) => !isHostName(name));
  return when(
    wrong !== undefined,
    ["hostPattern"],
    `a pattern that gives DNS names in lower case with at most 63 characters between dots; this one gives ${wrong}`,
    "correct it or take a shorter name of the site",
  );
};

/** Names of consumers, agents, accounts and topics are identities. */
const namesAreUnique: Rule<Environment> = (site) =>
  all(site, ({ uniqueNames }) => uniqueNames).flatMap(({ path, names }) =>
    [...repeated(names)].map(([name]) => ({
      path,
      found: `${JSON.stringify(name)} occurs more than once`,
      allowed: "once",
      remedy: "rename one of them",
    })),
  );

const reserved = (kind: keyof ReservedNames) => systems.flatMap(({ reservedNames }) => reservedNames?.[kind] ?? []);

/** A client with the name of an account of ours would take its rights, and nothing else would tell. */
const reservedNamesAreOurs: Rule<Environment> = (site) => [
  ...site.kafka.clients.flatMap(({ name }, i) =>
    when(
      reserved("accounts").includes(name),
      ["kafka", "clients", i, "name"],
      "any name but those of this program's own accounts",
      "rename it",
    ),
  ),
  ...site.kafka.topics.flatMap(({ name }, i) =>
    when(
      reserved("topics").includes(name),
      ["kafka", "topics", i, "name"],
      "any topic but those of Kafka itself, Connect and the schema registry",
      "rename it",
    ),
  ),
  ...all(site, ({ sinks }) => sinks).flatMap(({ path, database }) =>
    when(
      reserved("databases").includes(database),
      [...path, "database"],
      "any database but the one for what Telegraf says of itself",
      "rename it",
    ),
  ),
];

/** NodePorts are open on every node: each can have one user. */
const nodePortsAreUnique: Rule<Environment> = (site) => {
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
  nodePortsAreUnique,
];
