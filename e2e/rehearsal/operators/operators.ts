/** Operators, simulated: custom resources become `Ready` when the API server took them and what they need is there. */
import type { Canary } from "../layers/canaries";
import type { Json } from "../../../synthesized/stack";
import { ApiError, Cluster, type LiveObject } from "../../../cli/shared/kubernetes/client";
import { SIMULATED_CERT_MANAGER } from "./cert-manager";
import { SIMULATED_EXTERNAL_SECRETS } from "./external-secrets";
import { ReadyJobs, type ReadyJobsProps, type Waited } from "./ready-jobs";
import { SIMULATED_STRIMZI } from "./strimzi";
import { type Operator, type ResourceKind, pathOf, type Reconcile, type Readiness, ClusterView } from "./cluster-view";

const ALL: readonly Operator[] = [SIMULATED_EXTERNAL_SECRETS, SIMULATED_CERT_MANAGER, SIMULATED_STRIMZI];

/** Milliseconds between two looks at a kind. */
const PAUSE = 250;

/** Milliseconds after which a ready object is looked at again: a Secret that others are copied from may change. */
const REST = 10_000;

/** Answers of an API server that goes on by itself: too busy, a conflict, gone meanwhile. */
const PASSING = [404, 409, 429, 503, 504];

/** What was said of an object that is there. */
interface Known {
  readonly object: string;
  readonly missing?: string;
  readonly generation?: number;
  readonly recorded: string;
  /** When, as `Date.now()` gives it. */
  readonly at: number;
}

/** A kind whose operator is simulated, with what was recorded last of its objects, by uid. */
interface SimulatedKind {
  readonly kind: ResourceKind;
  readonly operator: Operator;
  readonly reconcile: Reconcile;
  readonly released: Reconcile | undefined;
  readonly known: Map<string, Known>;
}

/** What was not real. */
export interface Simulated {
  /** How many custom resources became `Ready`, by kind: said by the rehearsal, since no operator runs. */
  readonly ready: Readonly<Record<string, number>>;
  /** Those that did not, by kind, namespace and name, with what they lack. */
  readonly notReady: readonly { readonly object: string; readonly reason: string }[];
  readonly waited: readonly Waited[];
  /** What the API server refused the simulation. */
  readonly refused: readonly string[];
}

/** Where operators are simulated, and which. */
export interface OperatorsProps extends Omit<ReadyJobsProps, "api"> {
  /** @default - all operators */
  readonly simulated?: readonly Operator[];
  /** Whether pods really run: then those of the ready Jobs do what they are for. @default false */
  readonly podsRun?: boolean;
}

/** Simulates Strimzi, external-secrets and cert-manager on a control plane until {@link stop}. */
export class Operators {
  private readonly api: Cluster;
  private readonly view: ClusterView;
  private readonly jobs: ReadyJobs;
  private readonly kinds: readonly SimulatedKind[];
  /** Kinds of all objects that ever were ready, by uid. */
  private readonly ready = new Map<string, string>();
  private readonly troubles = new Set<string>();
  private stopped = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly props: OperatorsProps) {
    this.kinds = (props.simulated ?? ALL).flatMap((operator) =>
      operator.kinds.map(([kind, reconcile, released]) => ({
        kind,
        operator,
        reconcile,
        released,
        known: new Map<string, Known>(),
      })),
    );
    this.api = new Cluster({ content: props.kubeconfig, cleanup: true });
    this.view = new ClusterView(this.api);
    this.jobs = new ReadyJobs({ ...props, api: this.api });
  }

  /** Starts the operators: each kind on its own, so that one whose CRD is still being served keeps no other waiting. */
  start(): void {
    const rounds = this.kinds.map((one) => () => this.round(one));
    const jobs = this.props.podsRun ? [] : [() => this.jobs.round()];
    this.loop = Promise.all([...rounds, ...jobs].map((round) => this.simulate(round))).then(() => undefined);
  }

  /** Ends it; what runs is waited for. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
    await this.jobs.done();
    this.api.close();
  }

  /** Random values that were written into Secrets: none of them may lie in a state or a plan. */
  get values(): readonly Canary[] {
    return this.view.values;
  }

  report(): Simulated {
    const counts: Record<string, number> = {};
    for (const kind of [...this.ready.values()].sort()) counts[kind] = (counts[kind] ?? 0) + 1;
    const notReady = this.kinds
      .flatMap(({ known }) => [...known.values()])
      .flatMap(({ object, missing }) => (missing === undefined ? [] : [{ object, reason: missing }]));
    return { ready: counts, notReady, waited: [...this.jobs.waited], refused: [...this.troubles] };
  }

  private async simulate(round: () => Promise<void>): Promise<void> {
    while (!this.stopped) {
      try {
        await round();
      } catch (error) {
        // A control plane that is stopped or started anew: whoever works on it says so.
        if (error instanceof ApiError && !PASSING.includes(error.status)) this.troubles.add(error.message);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  private async round(simulated: SimulatedKind): Promise<void> {
    const { kind, operator, released, known } = simulated;
    const seen = new Set<string>();
    const objects = await this.api.list(pathOf(kind));
    const isOpen = (object: LiveObject) =>
      object.metadata.deletionTimestamp ? released !== undefined : !isSettled(object, known.get(object.metadata.uid));
    // Operators that are not there, or not any more, do nothing.
    const isThere = objects.some(isOpen) && (await this.api.list(deploymentsOf(operator.namespace))).length > 0;
    for (const object of objects) {
      if (this.stopped) return;
      const { uid, deletionTimestamp } = object.metadata;
      if (!deletionTimestamp) seen.add(uid);
      if (!isThere || !isOpen(object)) continue;
      if (deletionTimestamp) await released?.(object, this.view);
      else known.set(uid, await this.look(simulated, object));
    }
    for (const uid of known.keys()) if (!seen.has(uid)) known.delete(uid);
  }

  /** Says of an object what there is to say, unless that was said before. */
  private async look({ kind, operator, reconcile, known }: SimulatedKind, object: LiveObject): Promise<Known> {
    const { uid, generation, namespace, name } = object.metadata;
    const verdict = await this.judge(reconcile, object);
    const { missing } = verdict;
    const recorded = JSON.stringify([generation, verdict]);
    if (known.get(uid)?.recorded !== recorded) await say(object, { kind, operator, verdict }, this.view);
    if (missing === undefined) this.ready.set(uid, object.kind);
    const label = `${object.kind} ${namespace ? `${namespace}/` : ""}${name}`;
    return { object: label, missing, generation, recorded, at: Date.now() };
  }

  private async judge(reconcile: Reconcile, object: LiveObject): Promise<Readiness> {
    try {
      return await reconcile(object, this.view);
    } catch (error) {
      // Its namespace may be about to go; otherwise this is what keeps it from being ready.
      if (error instanceof ApiError) return { missing: error.message };
      throw error;
    }
  }
}

/** Writes what an operator says of an object: its status and events. */
export async function say(
  object: LiveObject,
  {
    kind,
    operator,
    verdict,
  }: { readonly kind: ResourceKind; readonly operator: Operator; readonly verdict: Readiness },
  view: ClusterView,
): Promise<void> {
  if (verdict.unseen) return;
  const { namespace, name } = object.metadata;
  await view.api.patch(`${pathOf(kind, namespace, name)}/status`, { status: statusOf(object, operator, verdict) });
  for (const event of verdict.events ?? []) await view.event(object, event);
}

const deploymentsOf = (namespace: string): string => `/apis/apps/v1/namespaces/${namespace}/deployments`;

/** Whether it was ready a moment ago and nobody changed it since. */
function isSettled({ metadata: { generation } }: LiveObject, known?: Known): boolean {
  if (!known || known.missing !== undefined || known.generation !== generation) return false;
  return Date.now() - known.at < REST;
}

/** Status of an object as its operator would write it. What is paused was not looked at. */
function statusOf(object: LiveObject, { says, observes }: Operator, readiness: Readiness): Json {
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+/, "");
  const { paused, status = {} } = readiness;
  const seen = paused ? (object.status?.["observedGeneration"] ?? 0) : object.metadata.generation;
  const conditions = says(object, readiness).map((one) => ({ ...one, lastTransitionTime }));
  return { ...(observes && { observedGeneration: seen }), ...status, conditions };
}
