/** Every check of `npm run check`. */
import { backupChecks } from "./systems/backups";
import { certificateChecks } from "./systems/certificates";
import { chronografChecks } from "./systems/chronograf";
import { clockChecks } from "./systems/clocks";
import { hostChecks } from "./systems/host";
import { influxdbChecks } from "./systems/influxdb";
import { influxdbStartChecks } from "./systems/influxdb-start";
import { influxdbWriteChecks } from "./systems/influxdb-writes";
import { kafkaChecks } from "./systems/kafka";
import { kapacitorChecks } from "./systems/kapacitor";
import { loveChecks } from "./systems/love";
import { loveAnswerChecks } from "./systems/love-answers";
import { nodeChecks } from "./systems/nodes";
import { podChecks } from "./systems/pods";
import { registryChecks } from "./systems/registry";
import { renewalChecks } from "./systems/renewal";
import { restProxyChecks } from "./systems/rest-proxy";
import { sinkChecks } from "./systems/sinks";
import { workloadChecks } from "./systems/workloads";
import type { Check } from "./model/verdict";

/** Checks of all subjects; those of one subject are printed in this order. A subject's are in files of `systems/`. */
export const CHECKS: readonly Check[] = [
  ...hostChecks,
  ...clockChecks,
  ...nodeChecks,
  ...podChecks,
  ...workloadChecks,
  ...kafkaChecks,
  ...registryChecks,
  ...sinkChecks,
  ...influxdbChecks,
  ...influxdbStartChecks,
  ...influxdbWriteChecks,
  ...chronografChecks,
  ...kapacitorChecks,
  ...restProxyChecks,
  ...loveChecks,
  ...loveAnswerChecks,
  ...certificateChecks,
  ...renewalChecks,
  ...backupChecks,
];
