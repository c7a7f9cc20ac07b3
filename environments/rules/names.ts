/** Rules of names: unique, free, and leading somewhere. */
import { repeated, type Rule } from "./violation";

/** Names of consumers, agents, accounts, topics and node ids are identities. */
export const namesAreUnique: Rule = (site) => {
  const lists: { path: (string | number)[]; names: string[] }[] = [
    { path: ["telegraf", "consumers"], names: site.telegraf.consumers.map(({ name }) => name) },
    { path: ["kafka", "clients"], names: site.kafka.clients.map(({ name }) => name) },
    { path: ["kafka", "topics"], names: site.kafka.topics.map(({ name }) => name) },
  ];
  if (site.cluster.kind === "k3s")
    lists.push({ path: ["cluster", "agents"], names: ["master", ...site.cluster.agents.map(({ name }) => name)] });
  return lists.flatMap(({ path, names }) =>
    [...repeated(names)].map(([name]) => ({
      path,
      message: `${JSON.stringify(name)} occurs more than once, allowed once, rename one of them`,
    })),
  );
};

/** Names that this program uses itself. */
const RESERVED = {
  clients: ["telegraf", "schema-registry", "kafka-admin", "admin"],
  topics: ["_schemas"],
  databases: ["telegraf"],
};

/** A client with the name of an account of ours would take its rights; Helm would not say so. */
export const reservedNamesAreOurs: Rule = ({ kafka, telegraf }) => [
  ...kafka.clients.flatMap(({ name }, i) =>
    RESERVED.clients.includes(name)
      ? [
          {
            path: ["kafka", "clients", i, "name"],
            message: "allowed any name but those of this program's own accounts, rename it",
          },
        ]
      : [],
  ),
  ...kafka.topics.flatMap(({ name }, i) =>
    RESERVED.topics.includes(name)
      ? [{ path: ["kafka", "topics", i, "name"], message: "allowed any topic but the schema registry's, rename it" }]
      : [],
  ),
  ...telegraf.consumers.flatMap(({ database }, i) =>
    RESERVED.databases.includes(database)
      ? [
          {
            path: ["telegraf", "consumers", i, "database"],
            message: "allowed any database but the one for what Telegraf says of itself, rename it",
          },
        ]
      : [],
  ),
];

/** NodePorts and names without DNS need an address to go to. */
export const namesLeadSomewhere: Rule = ({ cluster, dns, kafka: { access } }) => {
  if (cluster.kind === "gke")
    return dns.kind === "none"
      ? [
          {
            path: ["dns", "kind"],
            message:
              "allowed external-dns on GKE, whose load balancers get their addresses when they are made, set it up",
          },
        ]
      : [];
  return cluster.address === undefined && (access.kind === "nodeport" || dns.kind === "none")
    ? [
        {
          path: ["cluster", "address"],
          message: "allowed an address of the nodes, for names of NodePorts lead there, add it",
        },
      ]
    : [];
};

/** DNS records can only be written below the zone. */
export const domainLiesInZone: Rule = ({ dns, domain }) =>
  dns.kind === "external-dns" && domain !== dns.zone && !domain.endsWith(`.${dns.zone}`)
    ? [
        {
          path: ["domain"],
          message: `allowed ${dns.zone} or a name below it, for external-dns writes to that zone only`,
        },
      ]
    : [];

/** What a site lets be destroyed must be its own layers, or things of theirs. */
export const allowDestroysNamesOwnLayers: Rule = ({ name, allowDestroys }) =>
  allowDestroys.flatMap((entry, i) =>
    ["cluster", "platform", "efd"].some(
      (layer) => entry === `${name}-${layer}` || entry.startsWith(`${name}-${layer}/`),
    )
      ? []
      : [
          {
            path: ["allowDestroys", i],
            message: `allowed ${name}-cluster, ${name}-platform, ${name}-efd, each alone or with a thing behind it (${name}-efd/kafka), name a stack of this site`,
          },
        ],
  );
