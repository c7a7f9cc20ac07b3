import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { type ITerraformDependable, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { CustomResources } from "../helm/custom-resources";
import { labels } from "../kubernetes/objects";
import { type ClusterSecretStore, EXTERNAL_SECRETS_GROUP } from "./resources";
import { SECRETS_NAMESPACE } from "./secret-source";

const RELEASE = "secret-stores";

/** Where the secrets of a site are read from. */
export type SecretStore =
  | { readonly kind: "generated" }
  | {
      readonly kind: "vault";
      /** Address of Vault. */
      readonly server: string;
      /** Mount of the key-value engine. */
      readonly mount: string;
      /** Raised by one whenever a new token of Vault is given. */
      readonly tokenRevision: number;
    };

/** The store that ExternalSecrets of all namespaces read from. */
export interface SecretStoresProps {
  readonly store: SecretStore;
  /** Namespaces that may read from it. */
  readonly readers: readonly string[];
  /** The operator. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A secret that an operator gives: an ephemeral variable, written into the cluster and kept nowhere else. Terraform
 * writes it when its revision is raised.
 */
function givenSecret(
  scope: Construct,
  id: string,
  name: string,
  key: string,
  revision: number,
  description: string,
  dependsOn: ITerraformDependable[],
): SecretV1 {
  const variable = new TerraformVariable(scope, `${id}-variable`, {
    type: "string",
    sensitive: true,
    nullable: false,
    description,
  });
  // cdktf 0.21 knows neither ephemeral variables nor their use in a write-only attribute.
  variable.addOverride("ephemeral", true);
  variable.overrideLogicalId(id);
  return new SecretV1(scope, id, {
    metadata: { name, namespace: SECRETS_NAMESPACE, labels: labels(name) },
    dataWo: { [key]: variable.stringValue },
    dataWoRevision: revision,
    dependsOn,
  });
}

/** The site's ClusterSecretStore, called like the kind of its source. */
export class SecretStores extends Construct {
  /** What reads secrets depends on it. */
  readonly applied: ITerraformDependable;

  constructor(scope: Construct, id: string, props: SecretStoresProps) {
    super(scope, id);
    const { store, dependsOn } = props;
    const [provider, needed] = store.kind === "vault" ? this.vault(store, dependsOn) : this.cluster(dependsOn);
    const resource: ClusterSecretStore = {
      apiVersion: "external-secrets.io/v1",
      kind: "ClusterSecretStore",
      metadata: { name: store.kind, labels: labels(store.kind) },
      spec: { conditions: [{ namespaces: [...props.readers].sort() }], provider },
    };
    this.applied = new CustomResources(this, "stores", {
      name: RELEASE,
      namespace: SECRETS_NAMESPACE,
      resources: [resource],
      ready: { group: EXTERNAL_SECRETS_GROUP, kinds: ["clustersecretstores"], timeout: 300 },
      dependsOn: [...dependsOn, ...needed],
    }).applied;
  }

  private vault(
    store: Extract<SecretStore, { kind: "vault" }>,
    dependsOn: ITerraformDependable[],
  ): [ClusterSecretStore["spec"]["provider"], ITerraformDependable[]] {
    const token = givenSecret(
      this,
      "vault_token",
      "vault-token",
      "token",
      store.tokenRevision,
      `Token with which external-secrets reads this site's secrets from ${store.server}`,
      dependsOn,
    );
    const provider = {
      vault: {
        server: store.server,
        path: store.mount,
        version: "v2",
        auth: { tokenSecretRef: { name: "vault-token", key: "token", namespace: SECRETS_NAMESPACE } },
      },
    } as const;
    return [provider, [token]];
  }

  private cluster(dependsOn: ITerraformDependable[]): [ClusterSecretStore["spec"]["provider"], ITerraformDependable[]] {
    const name = "secret-reader";
    const metadata = { name, namespace: SECRETS_NAMESPACE, labels: labels(name) };
    const apiGroup = "rbac.authorization.k8s.io";
    const account = new ServiceAccountV1(this, "account", { metadata, automountServiceAccountToken: false, dependsOn });
    const subject = [{ kind: "ServiceAccount", name: account.metadata.name, namespace: SECRETS_NAMESPACE }];
    const role = new RoleV1(this, "role", {
      metadata,
      rule: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] }],
      dependsOn,
    });
    const binding = new RoleBindingV1(this, "binding", {
      metadata,
      roleRef: { apiGroup, kind: "Role", name: role.metadata.name },
      subject,
    });
    const provider = {
      kubernetes: {
        remoteNamespace: SECRETS_NAMESPACE,
        server: {
          caProvider: { type: "ConfigMap", name: "kube-root-ca.crt", key: "ca.crt", namespace: SECRETS_NAMESPACE },
        },
        auth: { serviceAccount: { name, namespace: SECRETS_NAMESPACE } },
      },
    } as const;
    return [provider, [binding]];
  }
}
