import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { NAMESPACE } from "../../ground/namespaces";
import { metadataOf } from "../kubernetes/objects";

/** A secret whose values an operator gives. */
export interface GivenSecretProps {
  readonly name: string;
  /** Key of the Secret → reference to an ephemeral input. */
  readonly values: Readonly<Record<string, string>>;
  /** Raised by one whenever new values are given: Terraform cannot see that they differ. */
  readonly revision: number;
  readonly dependsOn: ITerraformDependable[];
}

/** Writes inputs into the cluster; no plan and no state has them. */
export function givenSecret(scope: Construct, id: string, props: GivenSecretProps): SecretV1 {
  const { name, values, revision, dependsOn } = props;
  return new SecretV1(scope, id, {
    metadata: metadataOf(name, NAMESPACE.externalSecrets),
    dataWo: values,
    dataWoRevision: revision,
    dependsOn,
  });
}
