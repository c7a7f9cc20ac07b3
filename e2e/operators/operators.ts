/** Operators whose simulation is held to the real one. */
import type { Operator } from "../rehearsal/operators/cluster-view";
import { SIMULATED_EXTERNAL_SECRETS } from "../rehearsal/operators/external-secrets";
import { SIMULATED_CERT_MANAGER } from "../rehearsal/operators/cert-manager";
import type { Cases } from "./case";
import { CERT_MANAGER_CASES } from "./cases-cert-manager";
import { EXTERNAL_SECRETS_CASES } from "./cases-external-secrets";

/** An operator, simulated and real. */
export interface Compared {
  readonly cases: Cases;
  readonly simulated: Operator;
  /** Arguments of the real operator's program: no webhooks, no ports, and only what we use. */
  readonly args: (kubeconfig: string) => readonly string[];
}

/** All of them. */
export const COMPARED: readonly Compared[] = [
  {
    cases: EXTERNAL_SECRETS_CASES,
    simulated: SIMULATED_EXTERNAL_SECRETS,
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
    args: (kubeconfig) => [
      `--kubeconfig=${kubeconfig}`,
      "--leader-elect=false",
      "--cluster-resource-namespace=cert-manager",
      "--metrics-listen-address=127.0.0.1:0",
      "--controllers=*,-gateway-shim,-ingress-shim",
    ],
  },
];
