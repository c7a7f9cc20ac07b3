/** What can be wrong with the objects of a site; one line for each mistake. */
import { isPinned } from "../../synthesized/house-rules";
import { inside, type Json } from "../../synthesized/stack";
import { imagesIn, inputOf } from "./images";
import { BUILT_IN_KINDS } from "../shared/kubernetes/kinds";
import { KUBERNETES_VERSION } from "./helm";
import type { OwnedObject } from "./objects";
import { provided } from "./provided";
import { type Wanted, wantedSecrets, wantedServices } from "./wanted";

/** What was checked, in the order in which it is reported. */
export const CHART_CHECKS = [
  "packages",
  "keys",
  "schema",
  "rendering",
  "apis",
  "hooks",
  "images",
  "services",
  "secrets",
] as const;
/** One of the checks. */
export type ChartCheck = (typeof CHART_CHECKS)[number];

/** How much was looked at, and what is wrong. */
export interface CheckResult {
  readonly count: number;
  readonly lines: readonly string[];
}

const list = (words: Iterable<string>): string => [...new Set(words)].sort().join(", ") || "none";

/** Kinds that definitions among these objects bring, in the versions that they serve. */
function definedKinds(all: readonly OwnedObject[]): Set<string> {
  return new Set(
    all
      .filter(({ object }) => object.kind === "CustomResourceDefinition")
      .flatMap(({ object: { spec } }) =>
        ((spec?.["versions"] ?? []) as Json[])
          .filter(({ served }) => served === true)
          .map(({ name }) => `${String(spec?.["group"])}/${String(name)}/${String(inside(spec, "names", "kind"))}`),
      ),
  );
}

/** Objects of a kind that neither Kubernetes nor a chart of the site serves. Terraform's own are its provider's. */
export function unservedKinds(all: readonly OwnedObject[]): CheckResult {
  const defined = definedKinds(all);
  const objects = all.filter(({ object }) => object.apiVersion !== "");
  const lines = objects.flatMap(({ owner, object: { apiVersion, kind, metadata } }) => {
    const served = `${apiVersion}/${kind}`;
    if (BUILT_IN_KINDS.has(served) || defined.has(served)) return [];
    const others = [...BUILT_IN_KINDS, ...defined].filter((one) => one.endsWith(`/${kind}`));
    return [
      `${owner}: Kubernetes ${KUBERNETES_VERSION} serves no ${apiVersion} ${kind} (${metadata.name}); served are ${list(others.map((one) => one.slice(0, -kind.length - 1)))}`,
    ];
  });
  return { count: objects.length, lines };
}

const HOOK = "helm.sh/hook";

/**
 * Objects that Helm makes after an install and never after an upgrade: an upgrade repairs an install that was killed, so
 * what they do would not be done, and what was made of them would stay.
 */
export function hooksOfInstallsOnly(all: readonly OwnedObject[]): CheckResult {
  const hooks = all.flatMap(({ owner, object: { kind, metadata } }) => {
    const events = (metadata.annotations?.[HOOK] ?? "").split(",").map((event) => event.trim());
    return events.some((event) => /-(install|upgrade)$/.test(event))
      ? [{ owner, kind, name: metadata.name, events }]
      : [];
  });
  return {
    count: hooks.length,
    lines: hooks.flatMap(({ owner, kind, name, events }) =>
      events
        .filter((event) => event.endsWith("-install") && !events.includes(event.replace("install", "upgrade")))
        .map(
          (event) =>
            `${owner}: ${kind} ${name} is made ${event} only, and an upgrade repairs an install that was killed; allowed is ${HOOK}: ${event},${event.replace("install", "upgrade")}`,
        ),
    ),
  };
}

/** Images that a registry may change under their name. An input of the site is checked when it is given. */
export function movingImages(all: readonly OwnedObject[]): CheckResult {
  const images = imagesIn(all).filter(({ image }) => inputOf(image) === undefined);
  const moving = images.filter(({ image }) => !isPinned(image));
  return {
    count: images.length,
    lines: moving.map(
      ({ owner, image }) => `${owner}: image ${image} has no fixed tag; allowed is a full version (1.2.3) or a digest`,
    ),
  };
}

/** Namespaces whose objects are not all known: what is missing there may be made by a chart that nobody could read. */
type Unknown = ReadonlySet<string>;

/** Services that somebody names and nobody makes, and ports that they do not have. */
export function missingServices(
  all: readonly OwnedObject[],
  namespaces: ReadonlySet<string>,
  unknown: Unknown = new Set(),
): CheckResult {
  return missing("Service", all, wantedServices(all, namespaces), unknown);
}

/** Secrets that somebody reads and nobody makes, and keys that they do not have. */
export function missingSecrets(
  all: readonly OwnedObject[],
  cluster: string,
  unknown: Unknown = new Set(),
): CheckResult {
  return missing("Secret", all, wantedSecrets(all, cluster), unknown);
}

const WORDS = { Service: { reads: "names", part: "port" }, Secret: { reads: "reads", part: "key" } } as const;

function missing(
  kind: keyof typeof WORDS,
  all: readonly OwnedObject[],
  wanted: readonly Wanted[],
  unknown: Unknown,
): CheckResult {
  const { reads, part } = WORDS[kind];
  const made = provided(kind, all);
  const known = wanted.filter(({ namespace }) => !unknown.has(namespace));
  const lines = known.flatMap(({ owner, namespace, name, parts }) => {
    const what = `the ${kind} ${name} of ${namespace}`;
    const beside = made.filter((one) => one.namespace === namespace);
    const makers = beside.filter((one) => one.name === name);
    if (makers.length === 0)
      return [`${owner}: ${reads} ${what}, which nobody makes; there are ${list(beside.map((one) => one.name))}`];
    if (makers.some((one) => !one.parts)) return [];
    const there = new Set(makers.flatMap((one) => [...(one.parts ?? [])]));
    return parts
      .filter((one) => !there.has(one))
      .map((one) => `${owner}: ${reads} ${part} ${one} of ${what}, which has ${list(there)}`);
  });
  return { count: known.length, lines };
}
