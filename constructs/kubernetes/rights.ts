import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1, type RoleV1Rule } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { ObjectMeta } from "./objects";

/** What an account may do in one namespace. */
export interface RightsProps {
  /** Name, namespace and labels of the Role and of its binding. */
  readonly metadata: ObjectMeta;
  readonly account: ServiceAccountV1;
  readonly rule: RoleV1Rule[];
  /** What stands behind the ids of both, where a scope has rights in several namespaces. @default - nothing */
  readonly suffix?: string;
  /** @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** A Role and its binding to an account; whoever uses the account waits for the binding. */
export function rights(scope: Construct, { metadata, account, rule, suffix = "", dependsOn }: RightsProps) {
  const role = new RoleV1(scope, `role${suffix}`, { metadata, rule, ...(dependsOn && { dependsOn }) });
  return new RoleBindingV1(scope, `binding${suffix}`, {
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
    subject: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: account.metadata.namespace }],
  });
}
