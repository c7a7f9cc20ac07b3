/** Gives cases to whatever operator there is, and looks at what becomes of them. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../../cli/shared/kubernetes/client";
import {
  type CaseKind,
  caseKindPath,
  type CasePlace,
  type Cases,
  COMMON_KINDS,
  type Given,
  QUIET,
  type Step,
} from "./case";
import { type View, viewOf } from "./view";

/** What was seen after each step, by case. */
export type Answers = Readonly<Record<string, readonly View[]>>;

/** Seconds after which it is looked, whatever still changes: as many times those without a change. */
const END = 12;

/** Gives the cases, all side by side, and looks at each after each of its steps. */
export async function answersTo(
  { kinds, passing, cases, ...all }: Cases,
  api: Cluster,
  server: string,
  quiet = QUIET,
): Promise<Answers> {
  const places = cases.map(({ name, steps }) => {
    const place = placeOf(all, name, server);
    return { name, place, steps: steps(place), seen: [] as View[] };
  });
  const known = { ...COMMON_KINDS, ...kinds };
  for (const { place } of places)
    if (place.named === undefined) await api.create("/api/v1/namespaces", { metadata: { name: place.namespace } });
  for (let i = 0; places.some(({ steps }) => i < steps.length); i++) {
    const open = places.filter(({ steps }) => i < steps.length);
    for (const { place, steps } of open) await doStep(steps[i] ?? {}, place, known, api);
    const views = await settled(quiet, () => Promise.all(open.map(({ place }) => look(place, known, api, passing))));
    open.forEach(({ seen }, one) => seen.push(views[one] ?? {}));
  }
  return Object.fromEntries(places.map(({ name, seen }) => [name, seen]));
}

/** Where a case happens. */
export function placeOf(
  { operator, shared }: Pick<Cases, "operator" | "shared">,
  name: string,
  server: string,
): CasePlace {
  return shared === undefined
    ? { namespace: `${operator}-${name}`, server }
    : { namespace: shared, named: name, server };
}

/** Takes away whatever cases gave that share a namespace, and waits for nothing. */
export async function takeAll({ kinds, cases, ...all }: Cases, api: Cluster): Promise<void> {
  const known = { ...COMMON_KINDS, ...kinds };
  for (const { name, steps } of cases) {
    const place = placeOf(all, name, "");
    const given = steps(place).flatMap(({ give = [] }) => give.map((one): [string, string] => [one.kind, one.name]));
    await doStep({ take: given }, place, known, api);
  }
}

/** Takes away and gives what a step says. */
export async function doStep(step: Step, place: CasePlace, kinds: Cases["kinds"], api: Cluster): Promise<void> {
  for (const [kind, name] of step.take ?? [])
    await api.delete(caseKindPath(kindOf(kinds, kind), place.namespace, name));
  for (const given of step.give ?? []) await give(given, place, kinds, api);
}

async function give(given: Given, { namespace }: CasePlace, kinds: Cases["kinds"], api: Cluster): Promise<void> {
  const { name, kind, namespace: other, metadata, ...content } = given;
  const known = kindOf(kinds, kind);
  const place = known.ofCluster ? {} : { namespace: other ?? namespace };
  const path = caseKindPath(known, other ?? namespace, name);
  await api.apply(path, { ...content, apiVersion: known.apiVersion, kind, metadata: { ...metadata, name, ...place } });
}

function kindOf(kinds: Cases["kinds"], kind: string): CaseKind {
  const known = kinds[kind];
  if (!known) throw new Error(`kind ${kind}: no case knows it`);
  return known;
}

/** What is seen of a case. */
export async function look(place: CasePlace, kinds: Cases["kinds"], api: Cluster, passing = ""): Promise<View> {
  const { namespace, named } = place;
  const isOwn = ({ name }: { readonly name: string }) =>
    named === undefined || name === named || name.startsWith(`${named}-`);
  const looked = Object.entries(kinds).filter(([, one]) => one.looked);
  const found = await Promise.all(
    looked.map(async ([kind, one]) => {
      const objects = await api.list(caseKindPath(one, namespace));
      const own = objects.filter(({ metadata }) => (one.ofCluster ? metadata.name === namespace : isOwn(metadata)));
      // A list of Secrets does not name their kind.
      return own.flatMap((object) => (passing in (object.metadata.labels ?? {}) ? [] : [{ ...object, kind }]));
    }),
  );
  const made = looked.flatMap(([kind, one]) => (one.made ? [kind] : []));
  const places = looked.some(([, one]) => one.ofCluster) ? [namespace, "default"] : [namespace];
  const events = await Promise.all(places.map((one) => api.list(`/api/v1/namespaces/${one}/events`)));
  return viewOf(found.flat(), named ?? namespace, { made, events: events.flat() });
}

/** What is seen once nothing changes any more. */
async function settled(quiet: number, see: () => Promise<View[]>): Promise<View[]> {
  const start = Date.now();
  let [last, since] = [await see(), start];
  while (Date.now() - since < quiet * 1000 && Date.now() - start < END * quiet * 1000) {
    await sleep(1000);
    const now = await see();
    if (JSON.stringify(now) !== JSON.stringify(last)) since = Date.now();
    last = now;
  }
  return last;
}
