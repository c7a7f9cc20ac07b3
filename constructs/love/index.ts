import type { LoveSite } from "../../environments/systems/love/schema";
import type { KafkaSystem } from "../systems/system";
import { loveAccess } from "./access";

/** LOVE as the EFD knows it; its programs are in a layer of their own. */
export const loveSystem: KafkaSystem<LoveSite> = { access: loveAccess };
