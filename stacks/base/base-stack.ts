import { Aspects, type IAspect, TerraformProvider, TerraformStack } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { ProtectStateful } from "../../constructs/core/stateful";
import { PROVIDER_VERSIONS, TERRAFORM_VERSION } from "../../ground/versions";
import { HOUSE_RULES, type StackJson } from "../../synthesized/house-rules";
import { addBackend, type Backend } from "./backend";
import { type Layer, stackName } from "../../environments/derived/layers";

/** Properties of every stack. */
export interface BaseStackProps {
  /** Name of the site. */
  readonly site: string;
  readonly layer: Layer;
  readonly backend: Backend;
  /** Whether Terraform may destroy what holds data or an identity. */
  readonly allowDestroy: boolean;
  /** Ids of single resources that Terraform may destroy all the same. */
  readonly allowDestroyOf: readonly string[];
}

/**
 * Runs a function that makes or resolves tokens, without recording their origins. cdktf keeps the call stack of every
 * token, which takes more than half the time of a synthesis, and shows it only with errors of its own.
 */
export function withoutOrigins<T>(build: () => T): T {
  // It is put back below, and not called here.
  // oxlint-disable-next-line typescript/unbound-method
  const { captureStackTrace } = Error;
  // cdktf reads the origin of a token with it; stacks of errors that are thrown do not come from it.
  Error.captureStackTrace = () => undefined;
  try {
    return build();
  } finally {
    Error.captureStackTrace = captureStackTrace;
  }
}

/** Pins the version of every provider of a stack. Otherwise cdktf takes the version of its bindings. */
class PinProviders implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof TerraformProvider)) return;
    const name = node.terraformResourceType;
    const version = PROVIDER_VERSIONS[name];
    if (version === undefined)
      throw new Error(
        `got provider ${name}, of which ground/versions.ts has no version. Allowed: providers of its table. Add it there.`,
      );
    TerraformStack.of(node).addOverride(`terraform.required_providers.${name}.version`, version);
  }
}

/** What holds for every stack: Terraform's version, pinned providers, a backend, protected state, house rules. */
export abstract class BaseStack extends TerraformStack {
  private checked: StackJson | undefined;

  constructor(scope: Construct, props: BaseStackProps) {
    super(scope, stackName(props.site, props.layer));
    this.addOverride("terraform.required_version", TERRAFORM_VERSION);
    addBackend(this, props.backend, props.site, props.layer);
    Aspects.of(this).add(new PinProviders());
    if (!props.allowDestroy) Aspects.of(this).add(new ProtectStateful(props.allowDestroyOf));
    this.node.addValidation({
      validate: () => {
        this.checked = withoutOrigins(() => super.toTerraform() as StackJson);
        return HOUSE_RULES.flatMap((rule) => rule(this.checked ?? {}));
      },
    });
  }

  /**
   * cdktf would resolve every stack once more here, to find values of other stacks. A house rule forbids such values.
   */
  override prepareStack(): void {}

  /** Writes what was checked. Resolving a stack takes most of a synthesis, so it is done once. */
  override toTerraform(): object {
    const { checked } = this;
    this.checked = undefined;
    return checked ?? withoutOrigins(() => super.toTerraform() as object);
  }
}
