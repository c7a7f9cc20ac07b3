import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { CERT_MANAGER } from "../../environments/systems/certificates";
import { NAMESPACE } from "../../ground/namespaces";
import { ChartRelease, type ChartSource } from "../kubernetes/chart";
import { type ShareResources, shareResources } from "../kubernetes/workload";

/** When Helm makes an object, apart from the others of its release. */
type Hook = Readonly<Record<"helm.sh/hook", string>>;

/**
 * The chart asks whether the API answers after an install only. An install that is killed in the middle is repaired by an
 * upgrade, which would never ask, nor remove what was made to ask with: an account that may order certificates.
 */
const AFTER_EACH: Hook = { "helm.sh/hook": "post-install,post-upgrade" };

/** The keys that we set of cert-manager's values. */
interface CertManagerValues {
  readonly crds: { readonly enabled: boolean; readonly keep: boolean };
  readonly resources: ShareResources;
  readonly webhook: { readonly resources: ShareResources };
  readonly cainjector: { readonly resources: ShareResources };
  readonly startupapicheck: {
    readonly resources: ShareResources;
    readonly jobAnnotations: Hook;
    readonly rbac: { readonly annotations: Hook };
    readonly serviceAccount: { readonly annotations: Hook };
  };
  readonly dns01RecursiveNameserversOnly?: boolean;
  readonly dns01RecursiveNameservers?: string;
}

/** cert-manager. */
export interface CertManagerProps {
  /** Whether it answers challenges of ACME. */
  readonly acme: boolean;
  readonly source: ChartSource;
  readonly dependsOn: ITerraformDependable[];
}

/** cert-manager, the operator of certificates. */
export class CertManager extends ChartRelease<CertManagerValues> {
  constructor(scope: Construct, id: string, { acme, source, dependsOn }: CertManagerProps) {
    const resources = shareResources(CERT_MANAGER.controller);
    super(scope, id, {
      chart: "certManager",
      name: "cert-manager",
      namespace: NAMESPACE.certManager,
      values: {
        crds: { enabled: true, keep: true },
        resources,
        webhook: { resources: shareResources(CERT_MANAGER.webhook) },
        cainjector: { resources: shareResources(CERT_MANAGER.injector) },
        startupapicheck: {
          resources,
          jobAnnotations: AFTER_EACH,
          rbac: { annotations: AFTER_EACH },
          serviceAccount: { annotations: AFTER_EACH },
        },
        // Sasquatch: the site's own resolvers may show another zone than the one that ACME looks at.
        ...(acme ? { dns01RecursiveNameservers: "8.8.8.8:53,1.1.1.1:53", dns01RecursiveNameserversOnly: true } : {}),
      },
      source,
      dependsOn,
    });
  }
}
