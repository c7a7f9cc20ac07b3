/**
 * Rules that look at several fields of a site, one function each, by subject. A rule gets values that may be
 * malformed (their own message says so already) and then stays silent.
 */
import * as capacity from "./capacity";
import * as cluster from "./cluster";
import { consumersAreDisjoint, somethingWrites } from "./consumers";
import * as kafka from "./kafka";
import * as names from "./names";
import { apiPortIsFree, nodePortsAreUnique } from "./ports";
import { foreignSecretsComeFromVault } from "./secrets";
import * as storage from "./storage";
import * as versions from "./versions";
import type { Rule } from "./violation";

export { podsOf, unjudged } from "./capacity";
export { nodeCidrMask } from "./cluster";
export { mistakesAmong } from "./sites";

/** All rules, in the order in which their mistakes are printed. */
export const RULES: readonly Rule[] = [
  names.allowDestroysNamesOwnLayers,
  names.domainLiesInZone,
  names.hostNamesAreRight,
  foreignSecretsComeFromVault,
  apiPortIsFree,
  cluster.dockerHostsRunOneNodeEach,
  cluster.serversHostHasOneName,
  cluster.agentsReachServer,
  versions.serverIsNotOlder,
  storage.foldersAreApart,
  names.namesAreUnique,
  names.topicsAreApart,
  names.reservedNamesAreOurs,
  nodePortsAreUnique,
  kafka.brokersFitAccess,
  kafka.accessFitsCluster,
  names.namesLeadSomewhere,
  versions.operatorKnowsKafka,
  versions.kafkaKnowsMetadata,
  kafka.kafkaIdsAreDisjoint,
  kafka.controllersAreOdd,
  kafka.replicationFitsBrokers,
  kafka.inSyncReplicasFitReplication,
  storage.classesExist,
  storage.foldersNeedLocalPath,
  storage.selectorsFindNodes,
  capacity.retentionBytesFitDisk,
  capacity.ingestFitsKafka,
  capacity.ingestFitsInfluxdb,
  capacity.limitsAreNotBelowRequests,
  capacity.heapFitsLimit,
  capacity.requestsFitHost,
  capacity.podsFitOneNode,
  capacity.podsFitNodes,
  capacity.volumesFitHost,
  consumersAreDisjoint,
  somethingWrites,
];
