import { Construct } from "constructs";
import type { ITerraformDependable } from "cdktf";
import { setsOf } from "../../../environments/systems/love/profiles";
import { awayFromOthers } from "../pods";
import { setService } from "../services";
import type { LovePart } from "../surroundings";
import { Manager } from "./manager";

/**
 * The sets of manager-producers of a site's profile. None is scaled: a producer keeps its connection, and pods that come
 * later would get none.
 */
export class ProducerSets extends Construct {
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, part: LovePart) {
    super(scope, id);
    const sets = setsOf(part.spec.profile).map(
      ({ name, replicas }) =>
        new Manager(this, name, {
          ...part,
          service: setService(name),
          role: "set",
          replicas,
          maxSurge: "1",
          placement: awayFromOthers(part.spec),
        }),
    );
    this.ready = sets.map(({ ready }) => ready);
  }
}
