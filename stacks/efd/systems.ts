import { clientsAccess } from "../../constructs/accounts/clients";
import { connectAccess } from "../../constructs/connect/access";
import { mirror } from "../../constructs/mirror";
import { registryAccess } from "../../constructs/registry/access";
import type { System } from "../../constructs/systems/system";
import { telegrafAccess } from "../../constructs/telegraf/access";
import type { Environment } from "../../environments/schema";

/** Systems of the EFD that use Kafka, in the order of their accounts and Secrets. A new one is a folder and an entry here. */
export const SYSTEMS: readonly System<Environment>[] = [
  { access: registryAccess },
  { access: telegrafAccess },
  { access: connectAccess },
  mirror,
  { access: clientsAccess },
];
