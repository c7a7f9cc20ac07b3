/** Operators whose simulation is held to the real one. */
import { CHARTS, KAFKA } from "../../ground/versions";
import type { Operator } from "../rehearsal/operators/cluster-view";
import { SIMULATED_EXTERNAL_SECRETS } from "../rehearsal/operators/external-secrets";
import { SIMULATED_CERT_MANAGER } from "../rehearsal/operators/cert-manager";
import { SIMULATED_STRIMZI } from "../rehearsal/operators/strimzi";
import type { Cases } from "./case";
import { CERT_MANAGER_CASES } from "./cases-cert-manager";
import { EXTERNAL_SECRETS_CASES } from "./cases-external-secrets";
import { STRIMZI_CASES } from "./cases-strimzi";

/** An operator, simulated and real. */
export interface Compared {
  readonly cases: Cases;
  readonly simulated: Operator;
  /** Its version in the catalogue. */
  readonly inUse: string;
  /** Arguments of the real operator's program: no webhooks, no ports, and only what we use. */
  readonly args: (kubeconfig: string) => readonly string[];
  /** Variables of the real operator's program. @default - none but those of the bench */
  readonly settings?: Readonly<Record<string, string>>;
  /** What its log says as soon as it works. @default - it works at once */
  readonly works?: RegExp;
}

const KAFKA_VERSIONS = Object.keys(KAFKA.versions)
  .map((version) => `${version}=kafka:${version}`)
  .join("\n");

/** What Strimzi's cluster operator must know, although no pod runs: images, by version. */
const IMAGES = Object.fromEntries(
  ["KAFKA", "KAFKA_CONNECT", "KAFKA_MIRROR_MAKER_2"].map((one) => [`STRIMZI_${one}_IMAGES`, KAFKA_VERSIONS]),
);

/** All of them. */
export const COMPARED: readonly Compared[] = [
  {
    cases: EXTERNAL_SECRETS_CASES,
    simulated: SIMULATED_EXTERNAL_SECRETS,
    inUse: CHARTS.externalSecrets.appVersion,
    args: () => [
      "--metrics-addr=0",
      "--live-addr=0",
      "--enable-push-secret-reconciler=false",
      "--enable-cluster-push-secret-reconciler=false",
      "--enable-cluster-external-secret-reconciler=false",
    ],
  },
  {
    cases: CERT_MANAGER_CASES,
    simulated: SIMULATED_CERT_MANAGER,
    inUse: CHARTS.certManager.appVersion,
    args: (kubeconfig) => [
      `--kubeconfig=${kubeconfig}`,
      "--leader-elect=false",
      "--cluster-resource-namespace=cert-manager",
      "--metrics-listen-address=127.0.0.1:0",
      "--controllers=*,-gateway-shim,-ingress-shim",
    ],
  },
  {
    cases: STRIMZI_CASES,
    simulated: SIMULATED_STRIMZI,
    inUse: CHARTS.strimzi.appVersion,
    args: () => [],
    settings: {
      ...IMAGES,
      STRIMZI_NAMESPACE: "*",
      STRIMZI_FULL_RECONCILIATION_INTERVAL_MS: "20000",
      // Nothing that it waits for comes.
      STRIMZI_OPERATION_TIMEOUT_MS: "5000",
    },
    works: /Setting up periodic reconciliation/,
  },
];

/** A line for each operator that the catalogue has in another version than the records. */
export function outdated(compared: readonly Pick<Compared, "cases" | "inUse">[] = COMPARED): string[] {
  return compared
    .filter(({ cases, inUse }) => inUse.replace(/^v/, "") !== cases.version)
    .map(
      ({ cases: { operator, version }, inUse }) =>
        `${operator}: ${version} is recorded, and the catalogue has ${inUse}: record that one (--only ${operator} --record <program>)`,
    );
}
