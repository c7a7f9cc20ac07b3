/** What LOVE's acceptance list (docs/acceptance/love.md) is checked against, and how a layer of LOVE is asked. */
import type { Json, StackView } from "../../../synthesized/stack";
import { tstn046Site } from "../../support/love/tstn046";
import { stack, stacksOf } from "../../support/sites";
import { at, hostOf, unescaped } from "../support";

/** One column of love.md, as far as these checks need it: phalanx 2026-08. */
export interface LoveFacts {
  readonly host: string;
  readonly profile: "phalanx2026" | "tstn046";
  /** Where LOVE's images are. */
  readonly registry: string;
  readonly brokers: readonly number[];
  /** By what name views show which camera. */
  readonly feeds: Readonly<Record<string, string>>;
  readonly efdAlias: string;
  /** Services, without the headless ones. */
  readonly services: number;
  readonly microphones: number;
  /** Producers by route; `producers` leads to the set `general`. */
  readonly routes: Readonly<Record<string, number>>;
  /** CPU of all frontends at which the autoscaler is at its end, and views of 80 % of a core that take it. */
  readonly capacity: { readonly cpu: string; readonly views: number };
  /** Where the database is, outside the cluster. */
  readonly database: string;
}

const OWN_SETS = { m1m3: 4, atqueue: 1, mtqueue: 1, ocsqueue: 1 };

/** docs/acceptance/love.md#sites. */
export const LOVE_FACTS: Readonly<Record<string, LoveFacts>> = {
  summit: {
    host: hostOf("summit", "love"),
    profile: "phalanx2026",
    registry: "ts-dockerhub.lsst.org",
    brokers: [6, 7, 8],
    feeds: {
      starTrackerA: "/love/startrackera",
      starTrackerB: "/love/startrackerb",
      starTrackerC: "/love/startrackerc",
    },
    efdAlias: "summit_efd",
    services: 20,
    microphones: 4,
    routes: {
      ...OWN_SETS,
      ...{ producers: 13, "envsys-1": 21, "envsys-2": 18, "envsys-3": 8, atcs: 11, mtcs: 14, calsys: 26, obssys: 9 },
    },
    capacity: { cpu: "6000m", views: 7 },
    database: "postgresdb01.cp.lsst.org",
  },
  tucson: {
    host: hostOf("tucson", "love"),
    profile: "phalanx2026",
    registry: "ts-dockerhub.lsst.org",
    brokers: [3, 4, 5],
    feeds: { simcam: "/love/simcam" },
    efdAlias: "tucson_teststand_efd",
    services: 16,
    microphones: 0,
    routes: {
      ...OWN_SETS,
      ...{ producers: 9, "envsys-1": 21, "envsys-2": 17, "envsys-3": 8, atcs: 11, mtcs: 15, calsys: 17, obssys: 6 },
    },
    capacity: { cpu: "1875m", views: 2 },
    database: "postgresdb01.tu.lsst.org",
  },
  // The made-up site of profile tstn046 (__tests__/support/love/tstn046.ts).
  seventh: {
    host: "love-seventh-efd.example.org",
    profile: "tstn046",
    registry: "registry.example.org/love",
    brokers: [0, 1, 2],
    feeds: { allSky: "/love/sky" },
    efdAlias: "seventh_efd",
    // Frontend, three sets, Redis, nginx, commander, one broadcaster.
    services: 8,
    microphones: 1,
    routes: { m1m3: 2, queue: 3, producers: 3 },
    capacity: { cpu: "4200m", views: 16 },
    database: "db.example.org",
  },
};

/** Sites with LOVE whose column is above. */
export const LOVE_SITES = Object.keys(LOVE_FACTS);

/** The column of a site. */
export function loveFacts(site: string): LoveFacts {
  const facts = LOVE_FACTS[site];
  if (!facts) throw new Error(`${site} has no column`);
  return facts;
}

let madeUp: StackView | undefined;

/** The LOVE layer of a site. */
export function love(site: string): StackView {
  if (site !== "seventh") return stack(site, "love");
  madeUp ??= stacksOf(tstn046Site).find(({ layer }) => layer === "love");
  if (!madeUp) throw new Error("seventh has no layer love");
  return madeUp;
}

export const DEPLOYMENT = "kubernetes_deployment_v1";
export const SERVICE = "kubernetes_service_v1";

/** Objects of a type by name. */
export function objects(view: StackView, type: string): Map<string, Json> {
  return new Map(view.resources(type).map(({ body }) => [String(at(body, "metadata.name")), body]));
}

/** An object of a type by its name. */
export function object(view: StackView, type: string, name: string): Json {
  const found = objects(view, type).get(name);
  if (!found) throw new Error(`${view.name} has no ${type} ${name}`);
  return found;
}

/** Pods of every workload, by type and name. */
export function podTemplates(view: StackView): { readonly name: string; readonly pod: Json; readonly labels: Json }[] {
  const places: Readonly<Record<string, string>> = {
    [DEPLOYMENT]: "spec.template",
    kubernetes_job_v1: "spec.template",
    kubernetes_cron_job_v1: "spec.job_template.spec.template",
  };
  return Object.entries(places).flatMap(([type, place]) =>
    view.resources(type).map(({ body }) => ({
      name: String(at(body, "metadata.name")),
      pod: at(body, `${place}.spec`) as Json,
      labels: at(body, `${place}.metadata.labels`) as Json,
    })),
  );
}

/** Variables of the containers of a pod. */
export function variables(pod: Json): { readonly name: string; readonly value?: string; readonly value_from?: Json }[] {
  return [...((pod["init_container"] ?? []) as Json[]), ...((pod["container"] ?? []) as Json[])].flatMap(
    (one) => (one["env"] ?? []) as { name: string; value?: string; value_from?: Json }[],
  );
}

/** Values of the variables of a workload that have one. */
export function valuesOf(view: StackView, workload: string): Record<string, string> {
  const pod = at(object(view, DEPLOYMENT, workload), "spec.template.spec") as Json;
  return Object.fromEntries(variables(pod).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}

/** A file of a ConfigMap, as its program gets it. */
export function file(view: StackView, configMap: string, name: string): string {
  const text = at(object(view, "kubernetes_config_map_v1", configMap), "data") as Record<string, string>;
  return unescaped(text[name] ?? "");
}
