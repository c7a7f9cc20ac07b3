import type { EfdReference, LovePart } from "../../../constructs/love/surroundings";
import { SITES } from "../../../environments";
import { parseEnvironment } from "../../../environments/parse";
import type { LoveSpec } from "../../../environments/systems/love/schema";
import { inside, type Json, type StackView } from "../../../synthesized/stack";
import { KAFKA, REGISTRY } from "../support";

/** A made-up EFD. */
export const EFD: EfdReference = {
  brokers: KAFKA,
  brokerIds: [6, 7, 8],
  replication: 3,
  registry: REGISTRY,
  restProxy: "http://rest-proxy.kafka:8082",
  influxdbHost: "influxdb-toy-efd.example.org",
};

/** What a site says of LOVE, also where it is switched off. */
export function loveSpecOf(site: string): LoveSpec {
  const input = SITES.find(({ name }) => name === site);
  const spec = input && parseEnvironment(input).love;
  if (!spec) throw new Error(`${site} says nothing of LOVE`);
  return spec;
}

/** What every part of LOVE gets, with some of it replaced. */
export function partOf(spec: LoveSpec, { efd = {} }: { readonly efd?: Partial<EfdReference> } = {}): LovePart {
  return { spec, host: "love-toy-efd.example.org", efd: { ...EFD, ...efd }, dependsOn: [] };
}

/** A container's variables with a value. */
export function valuesOf(container: unknown): Record<string, string> {
  return Object.fromEntries(
    variablesOf(container).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
}

/** A container's variables that come from a Secret, each as secret/key. */
export function secretsOf(container: unknown): Record<string, string> {
  return Object.fromEntries(
    variablesOf(container).flatMap(({ name, value_from }) => {
      const reference = inside(value_from, "secret_key_ref");
      return reference ? [[name, `${String(inside(reference, "name"))}/${String(inside(reference, "key"))}`]] : [];
    }),
  );
}

function variablesOf(container: unknown) {
  return ((container as Json)["env"] ?? []) as { name: string; value?: string; value_from?: unknown }[];
}

/** The object of a kind with this name. */
export function named(view: StackView, type: string, name: string): Json {
  const found = view.resources(type).find(({ body }) => inside(body, "metadata", "name") === name);
  if (!found) throw new Error(`no ${type} ${name}`);
  return found.body;
}
