import { Managers } from "../../../../constructs/love/manager/managers";
import { SITES } from "../../../../environments";
import type { Observing } from "../../../../environments/general/observing";
import { parseEnvironment } from "../../../../environments/parse";
import { loveOf, type LoveSpec } from "../../../../environments/systems/love/schema";
import type { Json, StackView } from "../../../../synthesized/stack";
import { at, built, KAFKA, REGISTRY } from "../../support";

/** The two sites that have LOVE. */
export const LOVE_SITES = ["summit", "tucson"] as const;

export const HOST = "love-toy-efd.example.org";

function siteOf(name: string) {
  const site = SITES.find((one) => one.name === name);
  const parsed = site && parseEnvironment(site);
  const spec = parsed && loveOf(parsed);
  if (!spec) throw new Error(`allowed a site with LOVE, got ${name}`);
  return { spec, observing: parsed.observing };
}

/** What a site's file says of LOVE. */
export const specOf = (name: string): LoveSpec => siteOf(name).spec;

const known = new Map<string, StackView>();

/** The managers of a site as its file has them. */
export function managersOf(name: string): StackView {
  const view = known.get(name) ?? managers(name);
  known.set(name, view);
  return view;
}

/** The managers of a site, with some of its values changed. */
export function managers(
  name: string,
  changes: Partial<LoveSpec> = {},
  observing: Observing = siteOf(name).observing,
  see: (made: Managers) => void = () => undefined,
): StackView {
  const spec = { ...specOf(name), ...changes };
  const efd = { brokers: KAFKA, brokerIds: [0], replication: 1, registry: REGISTRY, influxdbHost: "db.example.org" };
  return built((stack) => see(new Managers(stack, "managers", { spec, host: HOST, efd, observing, dependsOn: [] })));
}

/** Objects of a type by their names. */
export function byName(view: StackView, type: string): Record<string, Json> {
  return Object.fromEntries(view.resources(type).map(({ body }) => [at(body, "metadata.name") as string, body]));
}

/** One object. */
export function named(view: StackView, type: string, name: string): Json {
  const found = byName(view, type)[name];
  if (!found) throw new Error(`no ${type} ${name}, but ${Object.keys(byName(view, type)).join(", ")}`);
  return found;
}

/** A variable of a container. */
export interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly value_from?: { readonly secret_key_ref: { readonly name: string; readonly key: string } };
}

/** Variables of the first container of a Deployment or Job. */
export const variablesOf = (body: Json) => at(body, "spec.template.spec.container.0.env") as Variable[];

/** Values of those that have one, by name. */
export const valuesOf = (body: Json): Record<string, string | undefined> =>
  Object.fromEntries(variablesOf(body).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));

/** Keys of the Secret `love` by the variable that takes each. */
export const keysOf = (body: Json): Record<string, string> =>
  Object.fromEntries(
    variablesOf(body).flatMap(({ name, value_from: from }) => {
      if (!from) return [];
      if (from.secret_key_ref.name !== "love") throw new Error(`${name} is from ${from.secret_key_ref.name}`);
      return [[name, from.secret_key_ref.key]];
    }),
  );

/** The Deployments of a site's managers: frontend and sets. */
export const FRONTEND = "love-manager-frontend";
export const deployments = (view: StackView) => byName(view, "kubernetes_deployment_v1");
export const setsOfView = (view: StackView) =>
  Object.entries(deployments(view)).filter(([name]) => name.startsWith("love-manager-producer-"));
