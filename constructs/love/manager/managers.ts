import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { NAMESPACE } from "../../../ground/namespaces";
import { metadataOf } from "../../kubernetes/objects";
import { ASTROPY, ASTROPY_SETTINGS } from "./files";
import { Frontends, type FrontendsProps } from "./frontends";
import { ProducerSets } from "./producer-sets";
import { ManagerSetup } from "./setup";

/** All managers of a site: the database is set up, and then frontends and sets start. */
export class Managers extends Construct {
  /** Frontends and sets. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: FrontendsProps) {
    super(scope, id);
    const astropy = new ConfigMapV1(this, "astropy", {
      metadata: metadataOf(ASTROPY, NAMESPACE.love),
      data: { "astropy.cfg": ASTROPY_SETTINGS },
      dependsOn: props.dependsOn,
    });
    const setup = new ManagerSetup(this, "setup", { ...props, dependsOn: [...props.dependsOn, astropy] });
    const after = { ...props, dependsOn: [setup.ready] };
    const frontends = new Frontends(this, "frontends", after);
    const sets = new ProducerSets(this, "sets", after);
    this.ready = [frontends.ready, ...sets.ready];
  }
}
