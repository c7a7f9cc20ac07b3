/**
 * Rules that look at several fields of a site, one function each, by subject. A rule gets values that may be
 * malformed (their own message says so already) and then stays silent.
 */
import { limitsAreNotBelowRequests, requestsFitHost, volumesFitHost, ingestFitsDisks } from "./capacity";
import { dockerHostsRunOneNodeEach, agentsReachServer } from "./cluster";
import { consumersAreDisjoint } from "./consumers";
import {
  brokersFitAccess,
  accessFitsCluster,
  kafkaIdsAreDisjoint,
  controllersAreOdd,
  replicationFitsBrokers,
  inSyncReplicasFitReplication,
} from "./kafka";
import {
  namesAreUnique,
  reservedNamesAreOurs,
  namesLeadSomewhere,
  domainLiesInZone,
  allowDestroysNamesOwnLayers,
} from "./names";
import { nodePortsAreUnique, apiPortIsFree } from "./ports";
import { foreignSecretsComeFromVault } from "./secrets";
import type { Rule } from "./violation";

export { podsOf, unjudged } from "./capacity";
export { nodeCidrMask } from "./cluster";

/** All rules, in the order in which their mistakes are printed. */
export const RULES: readonly Rule[] = [
  allowDestroysNamesOwnLayers,
  domainLiesInZone,
  foreignSecretsComeFromVault,
  apiPortIsFree,
  dockerHostsRunOneNodeEach,
  agentsReachServer,
  namesAreUnique,
  reservedNamesAreOurs,
  nodePortsAreUnique,
  brokersFitAccess,
  accessFitsCluster,
  namesLeadSomewhere,
  kafkaIdsAreDisjoint,
  controllersAreOdd,
  replicationFitsBrokers,
  inSyncReplicasFitReplication,
  ingestFitsDisks,
  limitsAreNotBelowRequests,
  requestsFitHost,
  volumesFitHost,
  consumersAreDisjoint,
];
