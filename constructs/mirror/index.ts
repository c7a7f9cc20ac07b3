import type { MirrorSite } from "../../environments/systems/mirror";
import type { KafkaSystem } from "../systems/system";
import { mirrorAccess } from "./access";
import { Mirror } from "./mirror";

/** The mirror. Strimzi restarts it by itself. */
export const mirrorSystem: KafkaSystem<MirrorSite> = {
  access: mirrorAccess,
  add(scope, { mirror: spec }, { kafka, accounts }) {
    if (spec) new Mirror(scope, "mirror", { spec, kafka, dependsOn: [accounts.ready] });
    return [];
  },
};
