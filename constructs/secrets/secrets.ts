import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { NAMESPACE } from "../../ground/namespaces";
import { CustomResources } from "../kubernetes/custom-resources";
import { EXTERNAL_SECRETS_GROUP } from "./resources";
import { externalSecret, generatedSecret, type SecretSource, type SecretTarget } from "./secret-source";
import type { SecretSpec } from "./secret-spec";

/** Secrets of one layer. */
export interface SecretsProps {
  /** Name of the release that makes them. */
  readonly name: string;
  readonly source: SecretSource;
  /** Every Secret that a workload of the layer reads. */
  readonly targets: readonly SecretTarget[];
  /**
   * Secrets that are generated in the namespace that reads them, at every site: nobody outside needs them. @default -
   * none
   */
  readonly inner?: readonly { readonly spec: SecretSpec; readonly namespace: string }[];
  /** Secrets of the source that another layer generates, where it does. @default - none */
  readonly ofOtherLayers?: readonly SecretSpec[];
  /** @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** Every Secret of a layer as an ExternalSecret, at every site; only their source differs. */
export class Secrets extends Construct {
  /** The Secrets, there for their readers. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: SecretsProps) {
    super(scope, id);
    const { name, source, targets, inner = [], ofOtherLayers = [] } = props;
    const specs = new Map(targets.flatMap(({ values }) => Object.values(values)).map(({ spec }) => [spec.name, spec]));
    for (const one of ofOtherLayers) specs.delete(one.name);
    this.ready = new CustomResources(this, "external-secrets", {
      name,
      namespace: NAMESPACE.externalSecrets,
      resources: [
        ...(source.kind === "generated" ? [...specs.values()].flatMap((spec) => generatedSecret(spec)) : []),
        ...inner.flatMap(({ spec, namespace }) => generatedSecret(spec, namespace)),
        ...targets.map((target) => externalSecret(source, target)),
      ],
      awaited: { group: EXTERNAL_SECRETS_GROUP, kinds: ["externalsecrets"], timeout: 300 },
      dependsOn: props.dependsOn,
    }).ready;
  }
}
