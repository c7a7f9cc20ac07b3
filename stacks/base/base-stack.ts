import { Aspects, type IAspect, TerraformProvider, TerraformStack } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { ProtectStateful } from "../../constructs/core/stateful";
import { PROVIDER_VERSIONS, TERRAFORM_VERSION } from "../../ground/versions";
import { HOUSE_RULES, type StackJson } from "../../synthesized/house-rules";
import { addBackend, type Backend } from "./backend";
import { type Layer, stackName } from "../../environments/derived/layers";

/** What every stack is told. */
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
 * Runs what makes or resolves tokens without their origins: cdktf keeps the stack of calls that made each of them, which
 * is more than half the time of a synthesis, and shows it only beside an error of its own.
 */
export function withoutOrigins<T>(build: () => T): T {
  // Kept to be put back, not called.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { captureStackTrace } = Error;
  // What cdktf reads a token's origin with; the stack of an error that is thrown does not come from it.
  Error.captureStackTrace = () => undefined;
  try {
    return build();
  } finally {
    Error.captureStackTrace = captureStackTrace;
  }
}

/** Pins the version of every provider of a stack; cdktf would take the one that its bindings were made from. */
class PinProviders implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof TerraformProvider)) return;
    const name = node.terraformResourceType;
    const version = PROVIDER_VERSIONS[name];
    if (version === undefined) throw new Error(`the catalogue has no version of provider ${name}`);
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

  /** cdktf resolves every stack here once more, to find values of other stacks; a layer takes none, by a house rule. */
  override prepareStack(): void {}

  /** What was checked is what is written: resolving a stack is most of a synthesis, so cdktf gets it once as it is. */
  override toTerraform(): object {
    const { checked } = this;
    this.checked = undefined;
    return checked ?? withoutOrigins(() => super.toTerraform() as object);
  }
}
