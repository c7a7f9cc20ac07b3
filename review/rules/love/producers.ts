/** Producers: what each brings, by which route, and what views no longer get. */
import { type Resource, sides } from "../../read/resources";
import { inWords } from "../loads";
import { judged, type ResourceFinding, type Rule, without } from "../rule";
import { type Brought, broughtAfter, broughtBy } from "./brought";
import { called, type Fate, fateInWords, fateOf, workloadsOf } from "./parts";
import { setOfRoute, setsAfter } from "./sets";

/** Topics of a CSC that nobody brings any more, in words; empty where all of them still come. */
function lostOf(lost: Brought, others: readonly Brought[]): string {
  const same = others.filter(({ csc }) => csc === lost.csc);
  if (same.some(({ topics }) => topics === undefined)) return "";
  const still = same.flatMap(({ topics = [] }) => topics);
  if (lost.topics === undefined) return still.length === 0 ? lost.csc : `all of ${lost.csc} but for ${inWords(still)}`;
  const gone = without(lost.topics, still);
  return gone.length === 0 ? "" : `${inWords(gone)} of ${lost.csc}`;
}

const RECONNECTS =
  "its CSC's views stand still until it is connected again, some seconds, and then get the last event of each kind";

function ofGone(resource: Resource, fate: Fate, now: readonly Brought[]): ResourceFinding {
  const was = broughtBy(resource.before);
  const lost = lostOf(was, now);
  // With what it brings, so that many that go are one finding.
  const subject = `${called("producer", resource)} (${lost || was.csc})`;
  const what = `${subject} ${fateInWords(resource, fate)}`;
  if (lost !== "")
    return {
      subject,
      what: `${what}, and views lose what it brings`,
      why: "no other producer brings it; views go on to show the last values that they have, and say nothing of it",
      remedy: "keep the producer, or tell the operators which views no longer follow",
    };
  return {
    subject,
    risk: "restarts",
    what: `${what}, and another brings the same`,
    why: RECONNECTS,
    remedy: "do it outside observing hours",
  };
}

function ofChanged(resource: Resource, now: readonly Brought[], sets: readonly string[]): ResourceFinding[] {
  const subject = called("producer", resource);
  const [was, is] = sides(resource, broughtBy);
  const lost = lostOf(was, now);
  const found: ResourceFinding[] = [];
  if (lost !== "")
    found.push({
      subject,
      what: `${subject} ${was.csc === is.csc ? "takes fewer topics" : `brings ${is.csc} instead of ${was.csc}`}: views lose ${lost}`,
      why: "no other producer brings it; views go on to show the last values that they have, and say nothing of it",
      remedy: "give it to another producer in the same plan, or tell the operators which views no longer follow",
    });
  if (was.route !== is.route) found.push(ofRoute(subject, was, is, sets));
  return found.length > 0
    ? found
    : [
        {
          subject,
          risk: "restarts",
          what: `${subject} restarts`,
          why: RECONNECTS,
          remedy: "do it outside observing hours",
        },
      ];
}

function ofRoute(subject: string, was: Brought, is: Brought, sets: readonly string[]): ResourceFinding {
  const base = { subject, what: `${subject} goes by the route ${is.route} instead of ${was.route}` };
  if (sets.includes(setOfRoute(is.route)))
    return {
      ...base,
      risk: "restarts",
      why: RECONNECTS,
      remedy: "check that the other set has room: one process serves all of a set's producers",
    };
  return {
    ...base,
    what: `${base.what}, ${sets.length > 0 ? "which leads to no set" : "and whether a set is there is not seen here"}`,
    why: `where there is none, nginx refuses it or hands it to a manager-frontend, and views lose ${is.csc} or slow down`,
    remedy: "name a route of the site's profile",
  };
}

/** All of them. */
export const PRODUCER_RULES: readonly Rule[] = [
  {
    id: "love-producer",
    explanation:
      "A producer of LOVE is removed, takes fewer topics, goes by another route or restarts: views lose that CSC, or stand still for some seconds.",
    risk: "interrupts",
    find: (layer) => {
      const [now, sets] = [broughtAfter(layer), setsAfter(layer)];
      return workloadsOf("producer", layer).flatMap((resource) =>
        judged(resource, () => {
          const fate = fateOf(resource);
          if (fate === undefined || fate === "fewer") return [];
          const found = fate === "gone" ? [ofGone(resource, fate, now)] : ofChanged(resource, now, sets);
          return found.map((one) => ({ resource, ...one }));
        }),
      );
    },
  },
];
