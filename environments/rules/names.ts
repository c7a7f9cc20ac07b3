/** Rules of names: well formed, unique, free, and leading somewhere. */
import { hostsOf } from "../hosts";
import { hostName, kubernetesName } from "../../ground/units";
import { type Path, repeated, type Rule, when } from "./violation";

/** Names of consumers, agents, accounts and topics are identities. */
export const namesAreUnique: Rule = (site) => {
  const lists: { path: Path; names: string[] }[] = [
    { path: ["telegraf", "consumers"], names: site.telegraf.consumers.map(({ name }) => name) },
    { path: ["kafka", "clients"], names: site.kafka.clients.map(({ name }) => name) },
    { path: ["kafka", "topics"], names: site.kafka.topics.map(({ name }) => name) },
    {
      path: ["connect"],
      names: [...(site.connect?.sinks ?? []), ...(site.connect?.s3 ? [site.connect.s3] : [])].map(({ name }) => name),
    },
    {
      path: ["storage", "classes"],
      names: [site.storage.className, ...site.storage.classes.map(({ name }) => name)],
    },
  ];
  if (site.mirror) lists.push({ path: ["mirror"], names: [site.mirror.source.alias, site.mirror.alias] });
  for (const [i, { topics }] of (site.connect?.sinks ?? []).entries())
    lists.push({ path: ["connect", "sinks", i, "topics"], names: topics });
  if (site.cluster.kind === "k3s")
    lists.push({
      path: ["cluster", "agents"],
      names: [site.cluster.serverName, ...site.cluster.agents.map(({ name }) => name)],
    });
  return lists.flatMap(({ path, names }) =>
    [...repeated(names)].map(([name]) => ({
      path,
      message: `${JSON.stringify(name)} occurs more than once, allowed once, rename one of them`,
    })),
  );
};

/** Kafka refuses a topic that differs from another in nothing but dots and underscores, for its metrics know one of them. */
export const topicsAreApart: Rule = ({ kafka: { topics } }) => {
  const names = [...new Set(topics.map(({ name }) => name))];
  return [...repeated(names.map((name) => name.replaceAll(".", "_")))].map(([, places]) => ({
    path: ["kafka", "topics"],
    message: `${places.map((i) => names[i]).join(" and ")} are one name to Kafka, which takes dots for underscores, allowed one of them, rename the others`,
  }));
};

/** Names that this program uses itself. */
const RESERVED = {
  clients: ["telegraf", "schema-registry", "connect", "mirror", "kafka-admin", "admin"],
  topics: [
    "_schemas",
    "__consumer_offsets",
    "__transaction_state",
    "connect-configs",
    "connect-offsets",
    "connect-status",
  ],
  databases: ["telegraf"],
};

/** A client with the name of an account of ours would take its rights; Helm would not say so. */
export const reservedNamesAreOurs: Rule = ({ kafka, telegraf, connect }) => [
  ...kafka.clients.flatMap(({ name }, i) =>
    when(
      RESERVED.clients.includes(name),
      ["kafka", "clients", i, "name"],
      "allowed any name but those of this program's own accounts, rename it",
    ),
  ),
  ...kafka.topics.flatMap(({ name }, i) =>
    when(
      RESERVED.topics.includes(name),
      ["kafka", "topics", i, "name"],
      "allowed any topic but those of Kafka itself, Connect and the schema registry, rename it",
    ),
  ),
  ...[
    ...telegraf.consumers.map(({ database }, i) => ({ path: ["telegraf", "consumers", i, "database"], database })),
    ...(connect?.sinks ?? []).map(({ database }, i) => ({ path: ["connect", "sinks", i, "database"], database })),
  ].flatMap(({ path, database }) =>
    when(
      RESERVED.databases.includes(database),
      path,
      "allowed any database but the one for what Telegraf says of itself, rename it",
    ),
  ),
];

/** The pattern must give a DNS name for everything that has one. Of several that are wrong one is shown. */
export const hostNamesAreRight: Rule = (site) => {
  if (!hostName().safeParse(site.domain).success || !kubernetesName().safeParse(site.name).success) return [];
  const wrong = hostsOf(site, site.kafka.brokers.length).find((name) => !hostName().safeParse(name).success);
  return when(
    wrong !== undefined,
    ["hostPattern"],
    `allowed a pattern that gives DNS names in lower case with at most 63 characters between dots, for now it gives ${wrong}, correct it or take a shorter name of the site`,
  );
};

/** NodePorts and names without DNS need an address to go to. */
export const namesLeadSomewhere: Rule = ({ cluster, dns, kafka: { access } }) =>
  cluster.kind === "gke"
    ? when(
        dns.kind === "none",
        ["dns", "kind"],
        "allowed external-dns on GKE, whose load balancers get their addresses when they are made, set it up",
      )
    : when(
        // An input is an address too, but external-dns reads what is written down.
        cluster.address === undefined &&
          (cluster.kind === "k3s" ? dns.kind !== "none" : access.kind === "nodeport" || dns.kind === "none"),
        ["cluster", "address"],
        "allowed an address of the nodes, for names of NodePorts lead there, add it",
      );

/** DNS records can only be written below the zone. */
export const domainLiesInZone: Rule = ({ dns, domain }) =>
  dns.kind !== "external-dns"
    ? []
    : when(
        domain !== dns.zone && !domain.endsWith(`.${dns.zone}`),
        ["domain"],
        `allowed ${dns.zone} or a name below it, for external-dns writes to that zone only`,
      );

/** What a site lets be destroyed must be its own layers, or things of theirs. */
export const allowDestroysNamesOwnLayers: Rule = ({ name, allowDestroys }) =>
  allowDestroys.flatMap((entry, i) =>
    when(
      !["cluster", "platform", "efd"].some(
        (layer) => entry === `${name}-${layer}` || (entry.startsWith(`${name}-${layer}/`) && !entry.endsWith("/")),
      ),
      ["allowDestroys", i],
      `allowed ${name}-cluster, ${name}-platform, ${name}-efd, each alone or with a thing behind it (${name}-efd/kafka), name a stack of this site`,
    ),
  );
