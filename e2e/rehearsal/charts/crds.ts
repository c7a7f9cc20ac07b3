/** CRDs for stub charts: real ones out of a folder, made up where there are none. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toYaml } from "../../../synthesized/yaml";
import { UserError } from "../../../ground/errors";
import { inside, type Json, type StackView } from "../../../synthesized/stack";
import { readDocuments } from "../../../synthesized/yaml";

/** A CRD, and the chart that brings it. */
export interface Crd {
  /** Such as `kafkas.kafka.strimzi.io`. */
  readonly name: string;
  readonly chart: string;
  readonly text: string;
}

/** Charts by the end of the API groups that they define. */
const CHART_OF: readonly (readonly [group: string, chart: string])[] = [
  ["strimzi.io", "strimzi-kafka-operator"],
  ["external-secrets.io", "external-secrets"],
  ["externaldns.k8s.io", "external-dns"],
  ["cert-manager.io", "cert-manager"],
  ["traefik.io", "traefik"],
];

function chartOf(group: string): string | undefined {
  return CHART_OF.find(([end]) => group === end || group.endsWith(`.${end}`))?.[1];
}

/** CRDs in the YAML files of a folder. @throws {UserError} when there are none. */
function crdsIn(folder: string): Crd[] {
  if (!existsSync(folder)) throw new UserError(`there is no folder ${folder} with CRDs`);
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => join(folder, file))
    .flatMap((path) => readDocuments(readFileSync(path, "utf8"), { place: path }) as (Json | null)[])
    .filter((one): one is Json => one?.["kind"] === "CustomResourceDefinition")
    .flatMap((one) => {
      const chart = chartOf(String(inside(one, "spec", "group")));
      return chart ? [{ name: String(inside(one, "metadata", "name")), chart, text: toYaml(one) }] : [];
    });
  if (found.length === 0) throw new UserError(`${folder} holds no CRD of a custom resource that we use`);
  return found;
}

/** A CRD that takes everything; the kinds of our charts say by their name whether they have a namespace. */
function madeUpCrd(apiVersion: string, kind: string): Crd | undefined {
  const [group = "", version = ""] = apiVersion.split("/");
  const chart = chartOf(group);
  const plural = `${kind.toLowerCase()}s`;
  const crd = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      scope: kind.startsWith("Cluster") ? "Cluster" : "Namespaced",
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
          subresources: { status: {} },
        },
      ],
    },
  };
  return chart ? { name: crd.metadata.name, chart, text: toYaml(crd) } : undefined;
}

/** Kinds that an operator makes of ours for itself, by their group. */
const MADE_BY_OPERATORS: Readonly<Record<string, { readonly apiVersion: string; readonly kind: string }>> = {
  "kafka.strimzi.io": { apiVersion: "core.strimzi.io/v1", kind: "StrimziPodSet" },
};

/** All CRDs that the custom resources of these stacks, and what operators make of them, need; and the kinds that were made up. */
export function crdsOf(stacks: readonly StackView[], folder?: string): { crds: Crd[]; madeUp: string[] } {
  const real = folder === undefined ? [] : crdsIn(folder);
  const known = new Set(real.map(({ name }) => name));
  const needed = new Map(
    stacks
      .flatMap((stack) => stack.customResources())
      .flatMap((one) => [one, MADE_BY_OPERATORS[one.apiVersion.split("/")[0] ?? ""] ?? one])
      .map(({ apiVersion, kind }) => [`${apiVersion} ${kind}`, { apiVersion, kind }]),
  );
  const made = [...needed.values()].flatMap(({ apiVersion, kind }) => {
    const crd = madeUpCrd(apiVersion, kind);
    return crd && !known.has(crd.name) ? [{ kind, crd }] : [];
  });
  return {
    crds: [...real, ...made.map(({ crd }) => crd)],
    madeUp: made.map(({ kind }) => kind).sort(),
  };
}
