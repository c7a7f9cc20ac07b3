import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { EXTERNAL_DNS_POD } from "../../environments/systems/dns";
import { NAMESPACE } from "../../ground/namespaces";
import { ChartRelease, type ChartSource } from "../kubernetes/chart";
import type { Restart } from "../kubernetes/restarts";
import { fromSecret, type ShareResources, shareResources } from "../kubernetes/workload";
import { ROUTE53 } from "../secrets/secret-spec";

const NAME = "external-dns";

/** It reads its Secret when it starts; the layer of the EFD restarts it. */
export const EXTERNAL_DNS_RESTART: Restart = {
  namespace: NAMESPACE.externalDns,
  resource: "deployments",
  name: NAME,
  secrets: [ROUTE53.name],
};

/** The keys that we set of external-dns' values. */
interface ExternalDnsValues {
  readonly provider: { readonly name: "aws" };
  readonly sources: readonly ("service" | "ingress")[];
  readonly policy: "upsert-only" | "sync";
  readonly registry: "txt";
  readonly txtOwnerId: string;
  readonly txtPrefix: string;
  readonly domainFilters: readonly string[];
  readonly env: readonly (
    | { readonly name: string; readonly value: string }
    | {
        readonly name: string;
        readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
      }
  )[];
  readonly resources: ShareResources;
}

/** external-dns. */
export interface ExternalDnsProps {
  /** By which its records are known as its own. */
  readonly owner: string;
  /** Zone of Route53 that it writes to. */
  readonly zone: string;
  /** AWS region. */
  readonly region: string;
  readonly source: ChartSource;
  readonly dependsOn: ITerraformDependable[];
}

/** external-dns, which writes the site's names into Route53. */
export class ExternalDns extends ChartRelease<ExternalDnsValues> {
  constructor(scope: Construct, id: string, { owner, zone, region, source, dependsOn }: ExternalDnsProps) {
    super(scope, id, {
      chart: "externalDns",
      name: NAME,
      namespace: NAMESPACE.externalDns,
      values: {
        provider: { name: "aws" },
        sources: ["service", "ingress"],
        // Records are made and changed, never deleted: a site that is rebuilt keeps its names.
        policy: "upsert-only",
        registry: "txt",
        txtOwnerId: owner,
        txtPrefix: "external-dns-",
        domainFilters: [zone],
        env: [
          { name: "AWS_DEFAULT_REGION", value: region },
          fromSecret("AWS_ACCESS_KEY_ID", ROUTE53.name, "aws_access_key_id"),
          fromSecret("AWS_SECRET_ACCESS_KEY", ROUTE53.name, "aws_secret_access_key"),
        ],
        resources: shareResources(EXTERNAL_DNS_POD),
      },
      source,
      dependsOn,
    });
  }
}
