/** What a case is: objects that are given to an operator, one step after the other. */
import type { Json } from "../../synthesized/stack";

/** An object as it is given: `namespace` and `apiVersion` are those of its kind, unless it says others. */
export interface Given extends Json {
  readonly kind: string;
  readonly name: string;
  /** @default - that of the case; none for kinds without one */
  readonly namespace?: string;
  /** Labels and annotations. @default - none */
  readonly metadata?: Json;
}

/** What is given at once, and what is taken away, by kind and name. */
export interface Step {
  readonly give?: readonly Given[];
  readonly take?: readonly (readonly [kind: string, name: string])[];
}

/** Where a case happens. */
export interface CasePlace {
  /** Namespace of the case's objects. Its objects of kinds without a namespace have the same name. */
  readonly namespace: string;
  /** How the case's objects are called, where others share the namespace. @default - all in the namespace are its own */
  readonly named?: string;
  /** Address of the API server. */
  readonly server: string;
}

/**
 * A case: after each of its steps, what the operator made of its objects is looked at. It has a namespace of its own, named
 * after operator and case. Where cases share a namespace, each object has the case's name, or that name followed by `-`
 * and more.
 */
export interface Case {
  readonly name: string;
  /** Whether only a broker knows the answer: a simulation without one is not asked. @default false */
  readonly asksBroker?: boolean;
  readonly steps: (place: CasePlace) => readonly Step[];
}

/** A kind that cases give or look at. */
export interface CaseKind {
  /** `external-secrets.io/v1`. */
  readonly apiVersion: string;
  readonly plural: string;
  /** Whether it has no namespace. @default false */
  readonly ofCluster?: boolean;
  /** Whether it is looked at after each step. @default false */
  readonly looked?: boolean;
  /** Whether the operator makes such objects: then it is looked what it writes on them. @default false */
  readonly made?: boolean;
}

/** The cases of an operator. */
export interface Cases {
  /** Its name, namespace, and the name of its records. */
  readonly operator: string;
  /** Version of the operator that is recorded. */
  readonly version: string;
  readonly kinds: Readonly<Record<string, CaseKind>>;
  /** Label of Secrets that the operator has for a moment only: they are not looked at. @default - it has none */
  readonly passing?: string;
  /** Namespace that all cases share, since something runs there that they need. @default - each has its own */
  readonly shared?: string;
  /** Seconds without a change after which nothing more is expected of the real operator. @default - {@link QUIET} */
  readonly quiet?: number;
  readonly cases: readonly Case[];
}

/** Seconds without a change after which nothing more is expected: longer than a simulated operator rests. */
export const QUIET = 14;

/** Kinds that cases of all operators give; a Secret is always looked at. */
export const COMMON_KINDS: Cases["kinds"] = {
  Secret: { apiVersion: "v1", plural: "secrets", looked: true },
  ServiceAccount: { apiVersion: "v1", plural: "serviceaccounts" },
  Role: { apiVersion: "rbac.authorization.k8s.io/v1", plural: "roles" },
  RoleBinding: { apiVersion: "rbac.authorization.k8s.io/v1", plural: "rolebindings" },
};

/** Path of all objects of a kind in a namespace, or of one. */
export function caseKindPath({ apiVersion, plural, ofCluster }: CaseKind, namespace: string, name?: string): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${group}${ofCluster ? "" : `/namespaces/${namespace}`}/${plural}${name === undefined ? "" : `/${name}`}`;
}
