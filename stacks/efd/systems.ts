import { clientsAccess } from "../../constructs/accounts/clients";
import { connectAccess } from "../../constructs/connect/access";
import { registryAccess } from "../../constructs/registry/access";
import type { KafkaSystem } from "../../constructs/systems/system";
import { telegrafAccess } from "../../constructs/telegraf/access";
import type { Environment } from "../../environments/schema";
import * as optional from "./optional-systems";

/** Systems that add their programs themselves, in the order of their names: however a compiler orders exports. */
const OPTIONAL = Object.entries<KafkaSystem<Environment>>(optional).sort(([a], [b]) => (a < b ? -1 : 1));

/** Systems of the EFD that use Kafka, in the order of their accounts and Secrets. */
export const KAFKA_SYSTEMS: readonly KafkaSystem<Environment>[] = [
  { access: registryAccess },
  { access: telegrafAccess },
  { access: connectAccess },
  ...OPTIONAL.map(([, system]) => system),
  { access: clientsAccess },
];
