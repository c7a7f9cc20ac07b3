/** Helm releases, the CRDs that they bring, and the mark by which Helm keeps an object. */
import { OWN_CHART } from "../../synthesized/stack";
import { isKept } from "../read/release";
import { type Resource } from "../read/resources";
import { at, textAt, Unreadable } from "./reading";
import { isDone, onEach, onLoss, onRemoval, onUpdate, stepOf, type Rule } from "./rule";

const RELEASE = ["helm_release"];

const chartOf = ({ release }: Resource): string => release?.before?.chart ?? release?.after?.chart ?? "";

/** Operators, with what they look after. */
const OPERATORS: Readonly<Record<string, string>> = {
  "strimzi-kafka-operator": "Kafka, its topics and accounts",
  "cert-manager": "certificates",
  "external-secrets": "Secrets",
  "external-dns": "DNS records",
  traefik: "every route from outside",
};

/** Whether removing the release removes its CRDs, and so every object of them. */
function takesCrds({ release }: Resource): boolean {
  const values = release?.before?.values;
  switch (release?.before?.chart) {
    case "cert-manager":
      return at(values, "crds", "enabled") === true && at(values, "crds", "keep") === false;
    case "external-secrets":
      return (
        at(values, "installCRDs") !== false && at(values, "crds", "annotations", "helm.sh/resource-policy") !== "keep"
      );
    default:
      return false;
  }
}

/** Kinds that go with what they hold. */
const HOLDS_DATA = /^(Kafka|KafkaNodePool|KafkaTopic|PersistentVolumeClaim)$/;

/** Programs whose data a lower version may not read. */
const STORES = ["influxdb", "chronograf", "kapacitor"];

/** All of them. */
export const HELM_RULES: readonly Rule[] = [
  {
    id: "release-unread",
    explanation: "Values of a release that changes cannot be read, and so none of its objects.",
    risk: "loses data",
    find: onEach(RELEASE, ({ release }) => {
      const why = release?.before?.unread ?? release?.after?.unread;
      if (why !== undefined) throw new Unreadable(why);
      return undefined;
    }),
  },
  {
    id: "release-goes",
    explanation: "A Helm release is deleted or replaced: what it runs stops; an operator may take its CRDs with it.",
    risk: "loses data",
    find: onRemoval(RELEASE, (resource) => {
      const chart = chartOf(resource);
      if (chart === OWN_CHART)
        return (
          resource.action === "replace" &&
          resource.release?.after && {
            risk: "interrupts",
            what: `${resource.label} is replaced`,
            why: "its objects are deleted and made again; those that are kept stay",
            remedy: "restore its old name and namespace",
          }
        );
      const operator = OPERATORS[chart];
      if (takesCrds(resource))
        return {
          what: `${resource.label} ${isDone(resource)}, with its CRDs`,
          why: `every object of those kinds is deleted with them: ${operator ?? "all that it looks after"}`,
          remedy: "let the chart keep its CRDs first, in an apply of its own",
        };
      return {
        risk: "interrupts",
        why: operator
          ? `nobody looks after ${operator} until it is there again`
          : "its program stops; a PVC of ours stays",
        remedy: "restore its old name and namespace",
      };
    }),
  },
  {
    id: "program-version",
    explanation: "A program that stores data goes to a lower version: it may not read what the higher one wrote.",
    risk: "loses data",
    find: onEach(RELEASE, (resource) => {
      const { before, after } = resource.release ?? {};
      if (!before || !after) return undefined;
      const [from, to] = [before, after].map((side) => textAt(side.values, "image", "tag"));
      if (from === to) return undefined;
      const isStore = STORES.includes(chartOf(resource));
      if (isStore && stepOf(from, to) === "unknown")
        throw new Unreadable("the version of its image is not named on both sides, or is no version");
      return stepOf(from, to) === "down" && isStore
        ? {
            what: `${chartOf(resource)} goes down from ${from} to ${to}`,
            why: "a lower version may not read, or may damage, what the higher one wrote",
            remedy: "stay on the higher version, or restore a backup that the lower one wrote",
          }
        : {
            risk: "restarts",
            what: `${chartOf(resource)} goes from ${from ?? "its chart's own version"} to ${to ?? "its chart's own version"}`,
            why: "its pod restarts; what consumers cannot write meanwhile they write afterwards",
            remedy: "do it outside observing hours",
          };
    }),
  },
  {
    id: "chart-upgrade",
    explanation:
      "A chart goes to another version: its pods restart; Strimzi rolls every broker; a lower version may not read what a higher one wrote.",
    risk: "interrupts",
    find: onEach(RELEASE, (resource) => {
      const { before, after } = resource.release ?? {};
      if (
        !before ||
        !after ||
        before.version === after.version ||
        resource.action === "replace" ||
        before.chart === OWN_CHART
      )
        return undefined;
      const step = stepOf(before.version, after.version);
      if (step === "unknown")
        throw new Unreadable("the version of its chart is not named on both sides, or is no version");
      const what = `${resource.label} goes from ${before.chart} ${before.version ?? "?"} to ${after.version ?? "?"}`;
      if (after.chart === "strimzi-kafka-operator")
        return {
          risk: step === "down" ? "interrupts" : "restarts",
          what,
          why: "the new operator rolls every broker, one after the other; `deploy` brings its CRDs first",
          remedy: "do it outside observing hours",
        };
      if (after.chart === "traefik")
        return {
          what,
          why: "its pods restart, and every web page with them; `deploy` brings its CRDs first",
          remedy: "do it when nobody needs a web page",
        };
      return {
        risk: step === "down" || step === "major" ? "interrupts" : "restarts",
        what,
        why:
          step === "down"
            ? "a lower version may not know what the higher one wrote"
            : step === "major"
              ? "a major version may rename values and replace what it runs"
              : "its pods restart",
        remedy: "read what the catalogue and the chart's own notes say, and rehearse",
      };
    }),
  },
  {
    id: "release-values",
    explanation: "Values of a chart change: as a rule its pods restart.",
    risk: "restarts",
    find: onEach(RELEASE, (resource) => {
      const own = chartOf(resource) === OWN_CHART;
      if (own || resource.action !== "update" || resource.differences.length === 0) return undefined;
      const stops = resource.differences.find(
        ({ path, after }) =>
          /(^|\.)(replicaCount|replicas)$/.test(path) && after?.kind === "value" && after.value === 0,
      );
      return stops
        ? {
            risk: "interrupts",
            what: `${resource.label} is stopped (${stops.path})`,
            why: "it runs no pod any more",
            remedy: "check that this is meant",
          }
        : {
            what: `${resource.label} changes ${resource.differences.length === 1 ? resource.differences[0]?.path : `${resource.differences.length} values`}`,
            why:
              chartOf(resource) === "traefik"
                ? "its pods restart: no web page and no route answers for a moment"
                : OPERATORS[chartOf(resource)]
                  ? `its operator restarts; ${OPERATORS[chartOf(resource)]} run on meanwhile`
                  : "its pod restarts where the values reach it",
            remedy: "do it outside observing hours",
          };
    }),
  },
  {
    id: "keep-gone",
    explanation: "An object loses its mark keep: the next removal of its release takes it.",
    risk: "harmless",
    find: onUpdate(
      [],
      (resource) =>
        resource.keep &&
        resource.after !== undefined &&
        !isKept(resource.after) && {
          what: `${resource.label} is no longer kept when its release goes`,
          why: HOLDS_DATA.test(resource.type)
            ? "nothing happens now; the next removal takes it with its data"
            : "nothing happens now; the next removal of its release takes it, and what it made goes by its own policy",
          remedy: "keep helm.sh/resource-policy: keep",
        },
    ),
  },
  {
    id: "crd-goes",
    explanation: "A CRD is removed, and every object of its kind with it.",
    risk: "loses data",
    find: onLoss(["CustomResourceDefinition"], (resource) => ({
      what: `the CRD ${resource.name} ${isDone(resource)}`,
      why: "every object of this kind is deleted with it, in all namespaces",
      remedy: "restore it, then its objects",
    })),
  },
];
