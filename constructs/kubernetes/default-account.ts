import { DefaultServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/default-service-account-v1";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { NamespaceName } from "../../ground/namespaces";

/**
 * Takes the token from every pod of a namespace that names no account. For charts whose pods ask the API nothing, and
 * which have no key that says so: they use this account, or are told to.
 *
 * @returns what such a pod must wait for.
 */
export function withoutTokens(scope: Construct, namespace: NamespaceName): ITerraformDependable {
  return new DefaultServiceAccountV1(scope, "default-account", {
    metadata: { name: "default", namespace },
    automountServiceAccountToken: false,
  });
}
