import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { NAMESPACE } from "../../ground/namespaces";
import { INPUTS, input } from "../core/inputs";
import { CustomResources } from "../kubernetes/custom-resources";
import { labels } from "../kubernetes/objects";
import { givenSecret } from "./given-secret";
import { type ClusterSecretStore, EXTERNAL_SECRETS_GROUP } from "./resources";
import type { SecretSource } from "./secret-source";
import { GIVEN_TLS } from "./secret-spec";

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

/** The stores that ExternalSecrets of all namespaces read from. */
export interface SecretStoresProps {
  readonly store: SecretStore;
  /** The certificate of all host names that an operator gives. @default - none is given */
  readonly certificate?: {
    /** Raised by one whenever a new certificate is given. */
    readonly revision: number;
  };
  /** Namespaces that may read from them. */
  readonly readers: readonly string[];
  /** The operator. */
  readonly dependsOn: ITerraformDependable[];
}

/** A store of a site, named after the kind of its source, and what it depends on. */
interface Store {
  readonly kind: SecretSource["kind"];
  readonly provider: ClusterSecretStore["spec"]["provider"];
  readonly needed: ITerraformDependable[];
}

/** The site's ClusterSecretStores: one for its secrets, and one for a certificate that was given. */
export class SecretStores extends Construct {
  /** The stores, ready to be read. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: SecretStoresProps) {
    super(scope, id);
    const { store, certificate, dependsOn } = props;
    const stores = [
      store.kind === "vault" ? this.vault(store, dependsOn) : this.generated(dependsOn),
      ...(certificate ? [this.given(certificate.revision, dependsOn)] : []),
    ];
    const resources = stores.map(({ kind, provider }): ClusterSecretStore => ({
      apiVersion: "external-secrets.io/v1",
      kind: "ClusterSecretStore",
      metadata: { name: kind, labels: labels(kind) },
      spec: { conditions: [{ namespaces: [...props.readers].sort() }], provider },
    }));
    this.ready = new CustomResources(this, "stores", {
      name: RELEASE,
      namespace: NAMESPACE.externalSecrets,
      resources,
      awaited: { group: EXTERNAL_SECRETS_GROUP, kinds: ["clustersecretstores"], timeout: 300 },
      dependsOn: [...dependsOn, ...stores.flatMap(({ needed }) => needed)],
    }).ready;
  }

  private vault(store: Extract<SecretStore, { kind: "vault" }>, dependsOn: ITerraformDependable[]): Store {
    const description = `${INPUTS.vaultToken.description} from ${store.server}`;
    const token = givenSecret(this, "vault_token", {
      name: "vault-token",
      values: { token: input(this, INPUTS.vaultToken, description) },
      revision: store.tokenRevision,
      dependsOn,
    });
    const provider = {
      vault: {
        server: store.server,
        path: store.mount,
        version: "v2",
        auth: { tokenSecretRef: { name: "vault-token", key: "token", namespace: NAMESPACE.externalSecrets } },
      },
    } as const;
    return { kind: "vault", provider, needed: [token] };
  }

  private generated(dependsOn: ITerraformDependable[]): Store {
    return { kind: "generated", ...this.namespaceReader("", "secret-reader", undefined, dependsOn) };
  }

  /** This store shows the certificate only, not the token of Vault in the same namespace. */
  private given(revision: number, dependsOn: ITerraformDependable[]): Store {
    const secret = givenSecret(this, "tls_certs", {
      name: GIVEN_TLS.name,
      values: { "tls.crt": input(this, INPUTS.tlsChain), "tls.key": input(this, INPUTS.tlsKey) },
      revision,
      dependsOn,
    });
    const reader = this.namespaceReader("given-", "given-reader", [GIVEN_TLS.name], dependsOn);
    return { kind: "given", provider: reader.provider, needed: [secret, ...reader.needed] };
  }

  /** A store of the namespace of secrets, and the account that reads the named Secrets there, or all. */
  private namespaceReader(
    idPrefix: string,
    name: string,
    resourceNames: string[] | undefined,
    dependsOn: ITerraformDependable[],
  ): Pick<Store, "provider" | "needed"> {
    const metadata = { name, namespace: NAMESPACE.externalSecrets, labels: labels(name) };
    const apiGroup = "rbac.authorization.k8s.io";
    const account = new ServiceAccountV1(this, `${idPrefix}account`, {
      metadata,
      automountServiceAccountToken: false,
      dependsOn,
    });
    const subject = [{ kind: "ServiceAccount", name: account.metadata.name, namespace: NAMESPACE.externalSecrets }];
    const role = new RoleV1(this, `${idPrefix}role`, {
      metadata,
      rule: [
        resourceNames
          ? { apiGroups: [""], resources: ["secrets"], resourceNames, verbs: ["get"] }
          : { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] },
      ],
      dependsOn,
    });
    const binding = new RoleBindingV1(this, `${idPrefix}binding`, {
      metadata,
      roleRef: { apiGroup, kind: "Role", name: role.metadata.name },
      subject,
    });
    const provider = {
      kubernetes: {
        remoteNamespace: NAMESPACE.externalSecrets,
        server: {
          caProvider: {
            type: "ConfigMap",
            name: "kube-root-ca.crt",
            key: "ca.crt",
            namespace: NAMESPACE.externalSecrets,
          },
        },
        auth: { serviceAccount: { name, namespace: NAMESPACE.externalSecrets } },
      },
    } as const;
    return { provider, needed: [binding] };
  }
}
