/** LOVE, the web interface through which the telescopes are operated. */
import { NAMESPACE } from "../../../ground/namespaces";
import { total } from "../../values/amounts";
import type { EqualPods, System } from "../../values/system";
import type { KafkaSite } from "../kafka/schema";
import { LOVE_RESOURCES } from "./defaults";
import { setsOf } from "./profiles";
import { rules } from "./rules";
import { loveOf, type LoveSite, type LoveSpec, schema } from "./schema";
import { warnings, type WarningsSite } from "./warnings";

/** Pods of LOVE. The autoscaler may start all frontends, so all of them count. */
function podsOf(spec: LoveSpec): EqualPods[] {
  const { producers, producerResources, managerResources, frontend, redis, nginx, commander, database } = spec;
  const fixed = (of: keyof typeof LOVE_RESOURCES, pods = 1) => ({ requests: LOVE_RESOURCES[of].requests, pods });
  const at = (...path: string[]) => ["love", ...path, "resources"];
  return [
    {
      path: ["love", "managerResources"],
      ...managerResources,
      pods: frontend.maxReplicas + total(setsOf(spec.profile).map(({ replicas }) => replicas)),
    },
    { path: at("redis"), ...redis.resources, pods: 1 },
    { path: at("nginx"), ...nginx.resources, pods: nginx.replicas },
    { path: at("commander"), ...commander.resources, pods: 1 },
    ...(database.kind === "inside" ? [{ path: at("database"), ...database.resources, pods: 1 }] : []),
    {
      path: ["love", "producerResources"],
      ...producerResources,
      pods: producers.filter(({ resources }) => resources === undefined).length,
    },
    ...producers.flatMap(({ resources }, i) =>
      resources ? [{ path: ["love", "producers", i, "resources"], ...resources, pods: 1 }] : [],
    ),
    fixed("audioBroadcaster", spec.microphones.length),
    fixed("cleanup"),
    fixed("setup"),
    // What follows the hours of observing comes one by one.
    fixed("schedule"),
    ...(spec.objectStore ? [fixed("viewBackup")] : []),
  ];
}

/** What of LOVE has an account elsewhere. */
const accountsOf = ({ images, database, ldap, jira, mail, objectStore }: LoveSpec) => [
  ...(images.pullSecret ? [`love.images.pullSecret needs an account of ${images.registry}`] : []),
  ...(database.kind === "external" ? ["love.database external needs an account of PostgreSQL"] : []),
  ...(ldap.length > 0 ? ["love.ldap needs an account of LDAP"] : []),
  ...(jira ? ["love.jira needs an account of Jira"] : []),
  ...(mail ? ["love.mail needs an account of a mail server"] : []),
  ...(objectStore ? ["love.objectStore needs an account of S3"] : []),
];

/** What `of` says of LOVE where the site has it and it is switched on. */
const whenOn =
  <T>(of: (spec: LoveSpec) => readonly T[]) =>
  (site: LoveSite): readonly T[] => {
    const spec = loveOf(site);
    return spec ? of(spec) : [];
  };

/** LOVE. */
export const love = {
  schema,
  rules,
  pods: whenOn(podsOf),
  volumes: whenOn(({ database }) => (database.kind === "inside" ? [{ size: database.disk, volumes: 1 }] : [])),
  hosts: whenOn(() => ["love"]),
  namespaces: whenOn(() => [NAMESPACE.love]),
  uniqueNames: ({ love }) =>
    love
      ? [
          { path: ["love", "producers"], names: love.producers.map(({ name }) => name) },
          { path: ["love", "cameras"], names: love.cameras.map(({ path }) => path) },
          { path: ["love", "cameras"], names: love.cameras.map(({ feed }) => feed) },
          { path: ["love", "microphones"], names: love.microphones.map(({ name }) => name) },
        ]
      : [],
  foreignAccounts: whenOn(accountsOf),
  warnings,
} satisfies System<LoveSite & KafkaSite & WarningsSite>;
