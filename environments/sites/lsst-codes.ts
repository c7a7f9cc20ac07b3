import type { EnvironmentInput } from "../schema";

/** What the sites of the domain lsst.codes have in common. */
export const LSST_CODES = {
  domain: "lsst.codes",
  // terragrunt-live-test: the states of Tucson and of the Summit stood in the test bucket.
  state: { kind: "s3", bucket: "lsstsqre-tf-state-test", region: "us-west-2", prefix: "efd" },
  certificates: {
    kind: "acme",
    server: "https://acme-v02.api.letsencrypt.org/directory",
    region: "us-east-1",
    // terragrunt-live-test: the zone lsst.codes.
    hostedZoneId: "Z3TH0HRSNU67AM",
  },
  dns: { kind: "external-dns", region: "us-east-1", zone: "lsst.codes" },
  login: "github",
} as const satisfies Partial<EnvironmentInput>;

/** Where a site's secrets are in Vault: below the name of its Kubernetes cluster (argocd-efd 2021-09). */
export function vaultOf(cluster: string) {
  return {
    kind: "vault",
    server: "https://vault.lsst.codes",
    mount: "secret",
    path: `k8s_operator/${cluster}/efd`,
  } as const satisfies EnvironmentInput["secrets"];
}
