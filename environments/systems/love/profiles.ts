/** Which sets of manager-producers LOVE has, and which set a producer's telemetry goes through. */

/** Where each CSC's telemetry goes at the sites today (phalanx 2026-08); `producers` is for all CSCs without one of their own. */
export const ROUTES = [
  "producers",
  "m1m3",
  "atqueue",
  "mtqueue",
  "ocsqueue",
  "envsys-1",
  "envsys-2",
  "envsys-3",
  "atcs",
  "mtcs",
  "calsys",
  "obssys",
] as const;

/** A route. */
export type Route = (typeof ROUTES)[number];

/** How many sets there are, and of what; `small` has one for everything. */
export const PROFILES = ["phalanx2026", "tstn046", "small"] as const;

/** Name of a profile. */
export type Profile = (typeof PROFILES)[number];

/** Equal manager-producers behind one route of nginx. */
export interface ProducerSet {
  /** Last word of its objects' names. */
  readonly name: string;
  /** Word of the path by which nginx finds it. */
  readonly route: string;
  readonly replicas: number;
}

/** The set that `producers` leads to is called `general`; every other one is called as its route. */
const set = (route: string, replicas: number): ProducerSet => ({
  name: route === "producers" ? "general" : route,
  route,
  replicas,
});

const SETS: Readonly<Record<Profile, readonly ProducerSet[]>> = {
  // phalanx 2026-08: each producer finds its one pod.
  phalanx2026: ROUTES.map((route) => set(route, 1)),
  // TSTN-046, 2024-07: MTM1M3 has the highest traffic, and three script queues are what users wait for.
  tstn046: [set("producers", 10), set("queue", 3), set("m1m3", 1)],
  // Ours, for a handful of producers and of views.
  small: [set("producers", 1)],
};

/** The sets of a profile. */
export function setsOf(profile: Profile): readonly ProducerSet[] {
  return SETS[profile];
}

/**
 * Route of a producer. Under `phalanx2026` it is the one that the site's list names; under `tstn046` it follows from the
 * CSC, and under `small` there is one.
 */
export function routeOf(profile: Profile, { csc, route }: { readonly csc: string; readonly route: Route }): string {
  switch (profile) {
    case "phalanx2026":
      return route;
    case "tstn046":
      return { MTM1M3: "m1m3", ScriptQueue: "queue" }[csc.split(":")[0] ?? ""] ?? "producers";
    case "small":
      return "producers";
  }
}

/** The script queues' routes by their indexes: of the main telescope, of AuxTel, and of both. */
const QUEUES: Readonly<Record<string, Route>> = { 1: "mtqueue", 2: "atqueue", 3: "ocsqueue" };
/** Routes that CSCs have for themselves: MTM1M3 has the highest traffic, and users wait for script queues. */
const RESERVED: readonly Route[] = ["m1m3", ...Object.values(QUEUES)];

/** Routes that a CSC may take under `phalanx2026`. */
export function routesOf(csc: string): readonly Route[] {
  const [name, index = ""] = csc.split(":");
  if (name === "MTM1M3") return ["m1m3"];
  if (name !== "ScriptQueue") return ROUTES.filter((route) => !RESERVED.includes(route));
  const own = QUEUES[index];
  return own ? [own] : Object.values(QUEUES);
}
