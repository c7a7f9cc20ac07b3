import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { EXTERNAL_SECRETS } from "../../environments/systems/secrets";
import { NAMESPACE } from "../../ground/namespaces";
import { ChartRelease, type ChartSource } from "../kubernetes/chart";
import { KEEP } from "../kubernetes/objects";
import { type ShareResources, shareResources } from "../kubernetes/workload";

/** The keys that we set of external-secrets' values. */
interface ExternalSecretsValues {
  readonly installCRDs: boolean;
  readonly crds: { readonly annotations: typeof KEEP };
  readonly processPushSecret: boolean;
  readonly processClusterPushSecret: boolean;
  readonly processClusterExternalSecret: boolean;
  readonly resources: ShareResources;
  readonly webhook: { readonly resources: ShareResources };
  readonly certController: { readonly resources: ShareResources };
}

/** external-secrets. */
export interface ExternalSecretsProps {
  readonly source: ChartSource;
  readonly dependsOn: ITerraformDependable[];
}

/** external-secrets, the operator that makes Secrets of what a store holds. */
export class ExternalSecrets extends ChartRelease<ExternalSecretsValues> {
  constructor(scope: Construct, id: string, { source, dependsOn }: ExternalSecretsProps) {
    super(scope, id, {
      chart: "externalSecrets",
      name: "external-secrets",
      namespace: NAMESPACE.externalSecrets,
      values: {
        installCRDs: true,
        // With its CRDs all ExternalSecrets of the site would go, and with these every Secret that they own.
        crds: { annotations: KEEP },
        // No site has objects of these kinds. Without them the operator's account may not change namespaces or make
        // ExternalSecrets, and its first start does not fail because the API server does not know PushSecrets yet.
        processPushSecret: false,
        processClusterPushSecret: false,
        processClusterExternalSecret: false,
        resources: shareResources(EXTERNAL_SECRETS.controller),
        webhook: { resources: shareResources(EXTERNAL_SECRETS.webhook) },
        certController: { resources: shareResources(EXTERNAL_SECRETS.certificates) },
      },
      source,
      dependsOn,
    });
  }
}
