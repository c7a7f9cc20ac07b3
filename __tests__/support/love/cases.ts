/** What the small site may say of LOVE: a right section, and kinds of bad ones. */
import type { EnvironmentInput } from "../../../environments/schema";
import { SAL_CLIENT } from "../../../e2e/lifecycle/site/smallest";
import { TAKEN_PATHS } from "../../../environments/systems/love/rules";
import type { BadEnvironment, Changes } from "../bad-environments";

type Love = NonNullable<EnvironmentInput["love"]>;

/** A small LOVE that needs no account elsewhere. */
export const LOVE = {
  profile: "small",
  salSite: "toy",
  images: { registry: "docker.io/lsstts", pullSecret: false, cycle: "c0044" },
  efdAlias: "toy_efd",
  database: { kind: "inside", disk: "1Gi" },
  producers: [{ name: "test1", csc: "Test:1" }],
} as const satisfies Love;

/** The account of Kafka that LOVE needs. */
export const ACCOUNT = SAL_CLIENT;

/** The small site with LOVE, and what is changed in that. */
export function withLove(love: Partial<Love> = {}): Changes {
  return { "kafka.clients": [ACCOUNT], love: { ...LOVE, ...love } };
}

/** One producer for each set of phalanx2026. */
export const PRODUCERS: Love["producers"] = [
  { name: "test1", csc: "Test:1" },
  { name: "m1m3", csc: "MTM1M3:0", route: "m1m3" },
  { name: "mtqueue", csc: "ScriptQueue:1", route: "mtqueue" },
  { name: "atqueue", csc: "ScriptQueue:2", route: "atqueue" },
  { name: "ocsqueue", csc: "ScriptQueue:3", route: "ocsqueue" },
  { name: "ess1", csc: "ESS:1", route: "envsys-1" },
  { name: "ess2", csc: "ESS:2", route: "envsys-2" },
  { name: "dimm1", csc: "DIMM:1", route: "envsys-3" },
  { name: "atmcs", csc: "ATMCS:0", route: "atcs" },
  { name: "mtmount", csc: "MTMount:0", route: "mtcs", asynchronous: ["evt_heartbeat"] },
  { name: "cbp", csc: "CBP:0", route: "calsys" },
  { name: "watcher", csc: "Watcher:0", route: "obssys" },
];

/** The small site with all sets of phalanx2026; the producers at some places of {@link PRODUCERS} are others, or none. */
function phalanx(others: Readonly<Record<number, object | undefined>> = {}, ...more: object[]): Changes {
  const producers = [...PRODUCERS.flatMap((one, i) => (i in others ? (others[i] ?? []) : one)), ...more];
  return withLove({ profile: "phalanx2026", producers: producers as Love["producers"] });
}

/** The small site with one producer of each of these, by `small`. */
const producers = (...all: object[]) => withLove({ producers: all as Love["producers"] });
const account = (changes: object) => ({ ...withLove(), "kafka.clients": [{ ...ACCOUNT, ...changes }] });
const camera = (path: string) => ({ path, feed: path.replace(/\W/g, ""), url: "http://camera.example.org/" });

const CYCLE =
  "Allowed: a control-system cycle, c and four digits, and a revision of three digits where it has one (c0044, c0044.007). Pin one, never latest or develop.";
const OWN_SETS = "MTM1M3 and each script queue have a set of their own. Write one of them.";
const OTHER_ROUTES = "producers, envsys-1, envsys-2, envsys-3, atcs, mtcs, calsys, obssys";

/** Kinds of mistakes. */
export const BAD_LOVE: readonly BadEnvironment[] = [
  {
    kind: "a route without a set",
    changes: phalanx({ 0: { name: "test1", csc: "Test:1", route: "auxtel" } }),
    line: 'toy.love.producers[0].route: got "auxtel". Allowed: producers, m1m3, atqueue, mtqueue, ocsqueue, envsys-1, envsys-2, envsys-3, atcs, mtcs, calsys, obssys. Choose one of them.',
  },
  ...["Test", "Test:one", "Test:-1", "Test:01", "Test:1.5"].map((csc) => ({
    kind: `a producer of ${csc}`,
    changes: producers({ name: "test", csc }),
    line: `toy.love.producers[0].csc: got "${csc}". Allowed: a CSC, a colon and its index, a whole number (ScriptQueue:1). Write index 0 for a CSC of which there is one.`,
  })),
  ...["latest", "develop", "c44", "c0044.7"].map((cycle) => ({
    kind: `images of cycle ${cycle}`,
    changes: withLove({ images: { ...LOVE.images, cycle } }),
    line: `toy.love.images.cycle: got "${cycle}". ${CYCLE}`,
  })),
  {
    kind: "a tag of one image that is none",
    changes: withLove({ images: { ...LOVE.images, manager: "7.5.17" } }),
    line: `toy.love.images.manager: got "7.5.17". ${CYCLE}`,
  },
  {
    kind: "a registry of images with a scheme",
    changes: withLove({ images: { ...LOVE.images, registry: "https://docker.io/lsstts" } }),
    line: 'toy.love.images.registry: got "https://docker.io/lsstts". Allowed: a registry, and a folder in it where there is one (docker.io/lsstts). Write the registry too, without scheme and tag.',
  },
  ...["registry.example.org:99999/love", "registry..example.org", "registry.example.org/..", "lsstts"].map(
    (registry) => ({
      kind: `images at ${registry}`,
      changes: withLove({ images: { ...LOVE.images, registry } }),
      line: `toy.love.images.registry: got "${registry}". Allowed: a registry, and a folder in it where there is one (docker.io/lsstts). Write the registry too, without scheme and tag.`,
    }),
  ),
  ...["ldap://a.example.org:0", "ldap://a.example.org:65536", "ldap://a.example.org:"].map((server) => ({
    kind: `LDAP at ${server}`,
    changes: withLove({ enabled: false, ldap: [server] }),
    line: `toy.love.ldap[0]: got "${server}". Allowed: ldap:// or ldaps:// and a host (ldap://ipa1.example.org). Leave out everything behind the host and its port.`,
  })),
  {
    kind: "LDAP servers that are no list",
    changes: withLove({ enabled: false, ldap: "ldap://a.example.org" as never }),
    line: 'toy.love.ldap: got "ldap://a.example.org". Allowed: a list. Write it in square brackets.',
  },
  ...["Toy", "toy_1", "c".repeat(51)].map((instance) => ({
    kind: `a bucket that S3 does not have, of ${instance}`,
    changes: withLove({ enabled: false, objectStore: { endpoint: "https://s3.example.org", instance } }),
    line: `toy.love.objectStore.instance: got "${instance}". Allowed: a word of 1–50 lower-case letters, digits and hyphens. Write it as the bucket is called.`,
  })),
  {
    kind: "groups that end before browsers renew them",
    changes: withLove({ redis: { groupExpiry: 300 } }),
    line: "toy.love.redis.groupExpiry: got 300. Allowed: seconds from 600 to 86400. Take at least twice the 300 s after which browsers renew their subscriptions, or views go silent.",
  },
  {
    kind: "frontends for a target that no autoscaler has",
    changes: withLove({ frontend: { cpuTarget: 101 } }),
    line: "toy.love.frontend.cpuTarget: got 101. Allowed: per cent of the request, 1–100. Lower it to 100 or less.",
  },
  {
    kind: "a producer whose Deployment's name would be too long",
    changes: producers({ name: "x".repeat(50), csc: "Test:1" }),
    line: `toy.love.producers[0].name: got "${"x".repeat(50)}". Allowed: a name of 1–49 lower-case letters, digits and hyphens that begins with a letter. Shorten or rename it.`,
  },
  {
    kind: "four LDAP servers",
    changes: withLove({ ldap: ["a", "b", "c", "d"].map((host) => `ldap://${host}.example.org`) }),
    line: 'toy.love.ldap: got ["ldap://a.example.org","ldap://b.example.org","ldap://c.example.org","ldap:/…. Allowed: at most 3 servers. Leave some out.',
  },
  {
    kind: "one LDAP server twice",
    rule: "textsAreUnique",
    changes: {
      ...withLove({ enabled: false, ldap: ["ldap://a.example.org", "ldap://a.example.org"] }),
    },
    line: 'toy.love.ldap: "ldap://a.example.org" occurs more than once. Allowed: once. Leave one of them out.',
  },
  {
    kind: "two producers of one name",
    rule: "namesAreUnique",
    changes: producers({ name: "test", csc: "Test:1" }, { name: "test", csc: "Test:2" }),
    line: 'toy.love.producers: "test" occurs more than once. Allowed: once. Rename one of them.',
  },
  {
    kind: "two microphones of one name",
    rule: "namesAreUnique",
    changes: withLove({ microphones: ["a", "b"].map((host) => ({ name: "dome", host: `${host}.example.org` })) }),
    line: 'toy.love.microphones: "dome" occurs more than once. Allowed: once. Rename one of them.',
  },
  {
    kind: "two cameras of one path",
    rule: "namesAreUnique",
    changes: withLove({ cameras: [camera("sky"), { ...camera("sky"), feed: "dome" }] }),
    line: 'toy.love.cameras: "sky" occurs more than once. Allowed: once. Rename one of them.',
  },
  {
    kind: "two cameras that views call the same",
    rule: "namesAreUnique",
    changes: withLove({ cameras: [camera("sky"), { ...camera("dome"), feed: "sky" }] }),
    line: 'toy.love.cameras: "sky" occurs more than once. Allowed: once. Rename one of them.',
  },
  ...[
    [
      "pictures of a private registry",
      { images: { ...LOVE.images, pullSecret: true } },
      "love.images.pullSecret needs an account of docker.io/lsstts",
    ],
    [
      "a database elsewhere",
      { database: { kind: "external", host: "db.example.org" } },
      "love.database external needs an account of PostgreSQL",
    ],
    ["LDAP", { ldap: ["ldap://a.example.org"] }, "love.ldap needs an account of LDAP"],
    ["Jira", { jira: { host: "jira.example.org", project: 1 } }, "love.jira needs an account of Jira"],
    ["mail", { mail: { user: "love" } }, "love.mail needs an account of a mail server"],
    [
      "a Large File Annex",
      { objectStore: { endpoint: "https://s3.example.org", instance: "toy" } },
      "love.objectStore needs an account of S3",
    ],
  ].map(([what, love, need]) => ({
    kind: `LOVE with ${what as string} and generated passwords`,
    rule: "foreignSecretsComeFromVault",
    changes: withLove(love as Partial<Love>),
    line: `toy.secrets.kind: got "generated". Allowed: vault, for ${need as string}, which cannot be generated. Write vault and its address.`,
  })),
  {
    kind: "a set without producers",
    rule: "setsHaveProducers",
    changes: phalanx({ 7: undefined }),
    line: "toy.love.producers: no producer takes the route envsys-3. Allowed: at least one for each set of profile phalanx2026. Add what is missing, or choose the profile small.",
  },
  {
    kind: "two sets of TSTN-046 without producers",
    rule: "setsHaveProducers",
    changes: withLove({ profile: "tstn046" }),
    line: "toy.love.producers: no producer takes the routes queue, m1m3. Allowed: at least one for each set of profile tstn046. Add what is missing, or choose the profile small.",
  },
  {
    kind: "another CSC in the set of MTM1M3",
    rule: "routesFitCscs",
    changes: phalanx({}, { name: "ts", csc: "MTM1M3TS:0", route: "m1m3" }),
    line: `toy.love.producers[12].route: got "m1m3". Allowed: ${OTHER_ROUTES} for MTM1M3TS:0: ${OWN_SETS}`,
  },
  {
    kind: "part of MTM1M3 in the set for all",
    rule: "routesFitCscs",
    changes: phalanx(
      { 1: { ...PRODUCERS[1], asynchronous: ["evt_heartbeat"] } },
      { name: "m1m3-tel", csc: "MTM1M3:0", periodic: ["tel_appliedForces"] },
    ),
    line: `toy.love.producers[12].route: got its default "producers". Allowed: m1m3 for MTM1M3:0: ${OWN_SETS}`,
  },
  {
    kind: "a script queue in another's set",
    rule: "routesFitCscs",
    changes: phalanx({}, { name: "queue4", csc: "ScriptQueue:4", route: "mtcs" }),
    line: `toy.love.producers[12].route: got "mtcs". Allowed: mtqueue, atqueue, ocsqueue for ScriptQueue:4: ${OWN_SETS}`,
  },
  {
    kind: "two producers of one CSC of which one takes all",
    rule: "producersShareTopics",
    changes: producers(
      { name: "all", csc: "MTM2:0" },
      { name: "events", csc: "MTM2:0", asynchronous: ["evt_heartbeat"] },
    ),
    line: "toy.love.producers[0]: all takes all topics of MTM2:0, as do events or some of them. Allowed: some topics for each of several producers of a CSC. Name them in asynchronous and periodic, or leave one producer.",
  },
  {
    kind: "one topic in two producers",
    rule: "producersShareTopics",
    changes: producers(
      { name: "a", csc: "MTM2:0", asynchronous: ["evt_heartbeat", "tel_position"] },
      { name: "b", csc: "MTM2:0", periodic: ["tel_position"] },
    ),
    line: "toy.love.producers: tel_position of MTM2:0 is taken by a and b. Allowed: one producer for each topic. Leave it out of the others.",
  },
  {
    kind: "one topic in both lists of a producer",
    rule: "producersShareTopics",
    changes: producers({ name: "a", csc: "MTM2:0", asynchronous: ["tel_position"], periodic: ["tel_position"] }),
    line: "toy.love.producers[0]: tel_position is in asynchronous and in periodic. Allowed: one of the two for each topic. Leave it out of the other.",
  },
  ...["asynchronous", "periodic"].map((list) => ({
    kind: `a producer that takes nothing of ${list}`,
    changes: producers({ name: "a", csc: "MTM2:0", [list]: [] }),
    line: `toy.love.producers[0].${list}: got []. Allowed: at least 1 in the list. Add one, or leave the list out.`,
  })),
  {
    kind: "one CSC by two routes",
    rule: "cscsTakeOneRoute",
    changes: phalanx({}, { name: "mtmount-tel", csc: "MTMount:0", periodic: ["tel_azimuth"] }),
    line: 'toy.love.producers[12].route: got its default "producers". Allowed: mtcs, as mtmount has, another producer of MTMount:0. Write the same for all of them.',
  },
  {
    kind: "LOVE without the account of SAL",
    rule: "salHasAccount",
    changes: { ...withLove(), "kafka.clients": [{ ...ACCOUNT, name: "sal" }] },
    line: 'toy.kafka.clients: no account ts-salkafka. Allowed: ts-salkafka with { prefixes: ["lsst.sal"], access: "all", consumes: true, cluster: true } at a site with LOVE, whose programs log in with it. Add it, or switch love off.',
  },
  ...(
    [
      ["prefixes", ["lsst.sal.Test"], "lsst.sal among them"],
      ["access", "read", "all"],
      ["login", "tls", "scram"],
      ["consumes", false, "true"],
      ["cluster", false, "true"],
    ] as const
  ).map(([key, value, allowed]) => ({
    kind: `LOVE with ${key} ${JSON.stringify(value)} of SAL's account`,
    rule: "salHasAccount",
    changes: account({ [key]: value }),
    line: `toy.kafka.clients[0].${key}: got ${JSON.stringify(value)}. Allowed: ${allowed} for ts-salkafka, the account of LOVE's programs. Write it.`,
  })),
  {
    kind: "a ceiling of Redis near the limit of its pod",
    rule: "redisFitsLimit",
    changes: withLove({ redis: { maxMemory: "901Mi" } }),
    line: 'toy.love.redis.maxMemory: got "901Mi". Allowed: at most nine tenths of 1000Mi, love.redis.resources.limits.memory, for Redis takes some memory beside its data. Lower it or raise the limit.',
  },
  {
    kind: "more frontends at least than at most",
    rule: "frontendsFit",
    changes: withLove({ frontend: { minReplicas: 30 } }),
    line: "toy.love.frontend.maxReplicas: got its default 25. Allowed: at least 30, love.frontend.minReplicas. Raise it.",
  },
  ...[1, 26].map((nightReplicas) => ({
    kind: `${nightReplicas} frontends at night`,
    rule: "frontendsFit",
    changes: withLove({ frontend: { nightReplicas } }),
    line: `toy.love.frontend.nightReplicas: got ${nightReplicas}. Allowed: 2–25, from love.frontend.minReplicas to maxReplicas. Write a number in that range, or leave it out.`,
  })),
  ...["manager", "stat", "login", "tone", "m", "favicon.ico"].map((path) => ({
    kind: `a camera at ${path}`,
    rule: "cameraPathsAreFree",
    changes: withLove({ cameras: [camera(path)] }),
    line: `toy.love.cameras[0].path: got "${path}". Allowed: a word with which none of ${TAKEN_PATHS.join(", ")} begins, which LOVE itself has. Rename it.`,
  })),
  ...(
    [
      ["managerResources", { managerResources: { limits: { memory: "100Mi" } } }, "200Mi"],
      ["producerResources", { producerResources: { limits: { memory: "90Mi" } } }, "100Mi"],
      ["redis.resources", { redis: { maxMemory: "64Mi", resources: { limits: { memory: "200Mi" } } } }, "300Mi"],
    ] as const
  ).map(([path, love, request]) => ({
    kind: `a limit below the request in love.${path}`,
    rule: "limitsAreNotBelowRequests",
    changes: withLove(love),
    line: `toy.love.${path}.limits.memory: got "${path === "managerResources" ? "100Mi" : path === "producerResources" ? "90Mi" : "200Mi"}". Allowed: at least the request ${request}. Raise the limit.`,
  })),
  {
    kind: "a producer whose own limit is below its request",
    rule: "limitsAreNotBelowRequests",
    changes: producers(
      { name: "a", csc: "Test:1" },
      {
        name: "b",
        csc: "Test:2",
        resources: { requests: { cpu: "200m", memory: "100Mi" }, limits: { cpu: "100m", memory: "200Mi" } },
      },
    ),
    line: 'toy.love.producers[1].resources.limits.cpu: got "100m". Allowed: at least the request 200m. Raise the limit.',
  },
  {
    kind: "more in LOVE's database than the host's disk holds",
    rule: "volumesFitHost",
    changes: { ...withLove({ database: { kind: "inside", disk: "10Gi" } }), "cluster.capacity": { disk: "140Gi" } },
    line: 'toy.cluster.capacity.disk: got "140Gi". Allowed: at least 146Gi, the sum of all volumes. Take a larger disk or smaller volumes.',
  },
];

/** For each rule of LOVE what is just right. */
export const RIGHT_LOVE: Readonly<Record<string, Changes[]>> = {
  setsHaveProducers: [phalanx(), withLove(), withLove({ profile: "tstn046", producers: PRODUCERS })],
  routesFitCscs: [
    phalanx({}, { name: "queue4", csc: "ScriptQueue:4", route: "ocsqueue" }),
    // Under other profiles routes follow the CSC.
    withLove({ profile: "tstn046", producers: PRODUCERS.map(({ name, csc }) => ({ name, csc })) }),
    producers({ name: "queue", csc: "ScriptQueue:1", route: "mtcs" }),
  ],
  producersShareTopics: [
    producers(
      { name: "a", csc: "MTM2:0", asynchronous: ["evt_heartbeat"] },
      { name: "b", csc: "MTM2:0", periodic: ["tel_position"] },
      { name: "c", csc: "MTM2:1", asynchronous: ["evt_heartbeat"] },
      { name: "d", csc: "ESS:303", asynchronous: ["evt_heartbeat", "tel_xups"] },
    ),
  ],
  cscsTakeOneRoute: [
    phalanx({}, { name: "mtmount-tel", csc: "MTMount:0", route: "mtcs", periodic: ["tel_azimuth"] }),
    phalanx({}, { name: "test2", csc: "Test:2", route: "mtcs" }),
  ],
  salHasAccount: [
    account({ prefixes: ["lsst.s3", "lsst.sal."] }),
    account({ prefixes: ["lsst"] }),
    { love: { ...LOVE, enabled: false } },
  ],
  redisFitsLimit: [withLove({ redis: { maxMemory: "900Mi" } })],
  frontendsFit: [
    withLove({ frontend: { minReplicas: 25 } }),
    ...[2, 25].map((nightReplicas) => withLove({ frontend: { nightReplicas } })),
  ],
  cameraPathsAreFree: [withLove({ cameras: ["startrackera", "managers", "static2"].map(camera) })],
};
