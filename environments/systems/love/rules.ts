/** Rules of LOVE: its producers and their routes, its account of Kafka, what fits what. */
import { bytes } from "../../../ground/units";
import { repeated, type SiteRule, type Violation, when } from "../../values/rule";
import { SAL_ACCOUNT } from "../kafka/sal";
import type { KafkaSite } from "../kafka/schema";
import { routeOf, routesOf, setsOf } from "./profiles";
import { loveOf, type LoveSite, type ProducerSpec } from "./schema";

const PRODUCERS = ["love", "producers"] as const;

/** Every set is a route for somebody: one without producers was forgotten, or its producers were mistyped (LOVE-C14). */
const setsHaveProducers: SiteRule<LoveSite> = ({ love }) => {
  if (!love) return [];
  const { profile, producers } = love;
  const taken = new Set(producers.map((producer) => routeOf(profile, producer)));
  const unused = setsOf(profile).filter(({ route }) => !taken.has(route));
  return unused.length === 0
    ? []
    : [
        {
          path: PRODUCERS,
          found: `no producer takes the ${unused.length === 1 ? "route" : "routes"} ${unused.map(({ route }) => route).join(", ")}`,
          allowed: `at least one for each set of profile ${profile}`,
          remedy: "add what is missing, or choose the profile small",
        },
      ];
};

/** MTM1M3 and the script queues share a set with nothing else (LOVE-C11, LOVE-C18). Other profiles go by the CSC. */
const routesFitCscs: SiteRule<LoveSite> = ({ love }) =>
  love?.profile === "phalanx2026"
    ? love.producers.flatMap(({ csc, route }, i) => {
        const fitting = routesOf(csc);
        return when(
          !fitting.includes(route),
          [...PRODUCERS, i, "route"],
          `${fitting.join(", ")} for ${csc}: MTM1M3 and each script queue have a set of their own`,
          "write one of them",
        );
      })
    : [];

/** Producers of each CSC that has several, with their places in the list. */
function sharedCscs(producers: readonly ProducerSpec[]) {
  return [...repeated(producers.map(({ csc }) => csc))].map(([csc, places]) => ({
    csc,
    sharing: places.map((place) => ({ place, ...producers[place]! })),
  }));
}

const topicsOf = ({ asynchronous = [], periodic = [] }: ProducerSpec) => [...asynchronous, ...periodic];

/** A topic that comes twice comes to every view twice, whether two producers bring it or one in both its lists. */
const producersShareTopics: SiteRule<LoveSite> = ({ love }) => {
  const producers = love?.producers ?? [];
  const shared = sharedCscs(producers).flatMap(({ csc, sharing }): Violation[] => {
    const all = sharing.filter((one) => topicsOf(one).length === 0);
    const named = sharing.flatMap((one) => [...new Set(topicsOf(one))].map((topic) => ({ topic, name: one.name })));
    return [
      ...all.map(({ place, name }) => ({
        path: [...PRODUCERS, place],
        found: `${name} takes all topics of ${csc}, as do ${sharing.flatMap((one) => (one.place === place ? [] : one.name)).join(", ")} or some of them`,
        allowed: "some topics for each of several producers of a CSC",
        remedy: "name them in asynchronous and periodic, or leave one producer",
      })),
      ...[...repeated(named.map(({ topic }) => topic))].map(([topic, places]) => ({
        path: PRODUCERS,
        found: `${topic} of ${csc} is taken by ${places.map((at) => named[at]!.name).join(" and ")}`,
        allowed: "one producer for each topic",
        remedy: "leave it out of the others",
      })),
    ];
  });
  const both = producers.flatMap(({ asynchronous = [], periodic = [] }, i): Violation[] =>
    [...new Set(periodic)]
      .filter((topic) => asynchronous.includes(topic))
      .map((topic) => ({
        path: [...PRODUCERS, i],
        found: `${topic} is in asynchronous and in periodic`,
        allowed: "one of the two for each topic",
        remedy: "leave it out of the other",
      })),
  );
  return [...shared, ...both];
};

/** Views get one CSC's messages in their order where one set sends them. */
const cscsTakeOneRoute: SiteRule<LoveSite> = ({ love }) =>
  love?.profile === "phalanx2026"
    ? sharedCscs(love.producers).flatMap(({ csc, sharing: [first, ...others] }) =>
        others.flatMap(({ place, route }) =>
          when(
            // Another rule speaks of CSCs that have one route only.
            first !== undefined && route !== first.route && routesOf(csc).length > 1,
            [...PRODUCERS, place, "route"],
            `${first?.route}, as ${first?.name} has, another producer of ${csc}`,
            "write the same for all of them",
          ),
        ),
      )
    : [];

/** LOVE's producers read what all CSCs write, and its commander writes as the CSC LOVE. */
const salHasAccount: SiteRule<LoveSite & KafkaSite> = (site) => {
  if (!loveOf(site)) return [];
  const { clients } = site.kafka;
  const place = clients.findIndex(({ name }) => name === SAL_ACCOUNT);
  const account = clients[place];
  const path = ["kafka", "clients"];
  if (!account)
    return [
      {
        path,
        found: `no account ${SAL_ACCOUNT}`,
        allowed: `${SAL_ACCOUNT} with { prefixes: ["lsst.sal"], access: "all", consumes: true, cluster: true } at a site with LOVE, whose programs log in with it`,
        remedy: "add it, or switch love off",
      },
    ];
  const own = (broken: boolean, key: string, allowed: string) =>
    when(broken, [...path, place, key], `${allowed} for ${SAL_ACCOUNT}, the account of LOVE's programs`, "write it");
  return [
    ...own(!account.prefixes.some((prefix) => "lsst.sal.".startsWith(prefix)), "prefixes", "lsst.sal among them"),
    ...own(account.access !== "all", "access", "all"),
    ...own(account.login !== "scram", "login", "scram"),
    ...own(!account.consumes, "consumes", "true"),
    ...own(!account.cluster, "cluster", "true"),
  ];
};

/** Redis makes room at its ceiling; the kernel ends it at the pod's limit (LOVE-C40), where pages with gaps count too. */
const redisFitsLimit: SiteRule<LoveSite> = ({ love }) =>
  when(
    love !== undefined && 10 * bytes(love.redis.maxMemory) > 9 * bytes(love.redis.resources.limits.memory),
    ["love", "redis", "maxMemory"],
    `at most nine tenths of ${love?.redis.resources.limits.memory}, love.redis.resources.limits.memory, for Redis takes some memory beside its data`,
    "lower it or raise the limit",
  );

/** The autoscaler goes from the least to the most, and the night's least lies between. */
const frontendsFit: SiteRule<LoveSite> = ({ love }) => {
  if (!love) return [];
  const { minReplicas, maxReplicas, nightReplicas } = love.frontend;
  return [
    ...when(
      maxReplicas < minReplicas,
      ["love", "frontend", "maxReplicas"],
      `at least ${minReplicas}, love.frontend.minReplicas`,
      "raise it",
    ),
    ...when(
      nightReplicas !== undefined &&
        minReplicas <= maxReplicas &&
        (nightReplicas < minReplicas || nightReplicas > maxReplicas),
      ["love", "frontend", "nightReplicas"],
      `${minReplicas}–${maxReplicas}, from love.frontend.minReplicas to maxReplicas`,
      "write a number in that range, or leave it out",
    ),
  ];
};

/** What else is found below /love: paths of nginx, of the managers, and of the application that browsers load (LOVE-frontend 6.12). */
export const TAKEN_PATHS = [
  ...["manager", "media", "nginx-health", "sal-status"],
  ...["SkyMap", "asset-manifest.json", "favicon.ico", "index.html", "login", "manifest.json", "static"],
  ...["tone-400hz-20db.mp3", "uif", "websocket-simulations", "worklets"],
] as const;

/** nginx takes whatever begins with a camera's path for the camera. */
const cameraPathsAreFree: SiteRule<LoveSite> = ({ love }) =>
  (love?.cameras ?? []).flatMap(({ path }, i) => {
    const taken = TAKEN_PATHS.filter((one) => one.startsWith(path));
    return when(
      taken.length > 0,
      ["love", "cameras", i, "path"],
      `a word with which none of ${TAKEN_PATHS.join(", ")} begins, which LOVE itself has`,
      "rename it",
    );
  });

/** Rules of LOVE. */
export const rules = [
  setsHaveProducers,
  routesFitCscs,
  producersShareTopics,
  cscsTakeOneRoute,
  salHasAccount,
  redisFitsLimit,
  frontendsFit,
  cameraPathsAreFree,
];
