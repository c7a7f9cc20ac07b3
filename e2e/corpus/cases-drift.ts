/** Cases in which somebody changes what runs by hand, inside Helm releases: no provider sees these. */
import type { Case } from "./case";
import { values } from "./edit";

const AIRFLOW = "lsst.sal.ess.airflow-af3e8ed2";

/** Every one of them. */
export const DRIFT_CASES: readonly Case[] = [
  {
    name: "scaled-by-hand",
    about: "somebody stops traefik",
    layer: "platform",
    byHand: [["kubectl", "-n", "traefik", "scale", "deployment/traefik", "--replicas=0"]],
    putBack: [["kubectl", "-n", "traefik", "scale", "deployment/traefik", "--replicas=1"]],
    expected: { worst: "interrupts", told: [["interrupts", "Deployment traefik/traefik", "stopped"]] },
  },
  {
    name: "variable-by-hand",
    about: "somebody gives Strimzi's operator a variable and restarts it, and traefik too",
    layer: "platform",
    byHand: [
      ["kubectl", "-n", "strimzi", "set", "env", "deployment/strimzi-cluster-operator", "API_TOKEN=canary-by-hand"],
      ["kubectl", "-n", "strimzi", "rollout", "restart", "deployment/strimzi-cluster-operator"],
      ["kubectl", "-n", "traefik", "rollout", "restart", "deployment/traefik"],
    ],
    putBack: [["kubectl", "-n", "strimzi", "set", "env", "deployment/strimzi-cluster-operator", "API_TOKEN-"]],
    expected: { worst: "restarts", told: [["restarts", "Deployment strimzi/strimzi-cluster-operator"]] },
  },
  {
    name: "configuration-by-hand",
    about: "somebody edits the configuration of Strimzi's operator",
    layer: "platform",
    byHand: [
      ["kubectl", "-n", "strimzi", "patch", "configmap/strimzi-cluster-operator", "-p", '{"data":{"by-hand":"yes"}}'],
    ],
    putBack: [
      ["kubectl", "-n", "strimzi", "patch", "configmap/strimzi-cluster-operator", "-p", '{"data":{"by-hand":null}}'],
    ],
    expected: { worst: "harmless", told: [["harmless", "ConfigMap strimzi/strimzi-cluster-operator", "by-hand"]] },
  },
  {
    name: "rights-deleted-by-hand",
    about: "somebody deletes a role of cert-manager",
    layer: "platform",
    byHand: [["kubectl", "delete", "clusterrole/cert-manager-view"]],
    putBack: [["helm", "rollback", "cert-manager", "-n", "cert-manager", "1"]],
    expected: { worst: "changes access", told: [["changes access", "ClusterRole cert-manager-view", "deleted"]] },
  },
  {
    name: "crd-deleted-by-hand",
    about: "somebody deletes a CRD of cert-manager",
    layer: "platform",
    byHand: [["kubectl", "delete", "customresourcedefinition/certificaterequests.cert-manager.io"]],
    putBack: [["helm", "rollback", "cert-manager", "-n", "cert-manager", "1"]],
    expected: { worst: "loses data", told: [["loses data", "certificaterequests.cert-manager.io", "deleted"]] },
  },
  {
    name: "service-deleted-by-hand",
    about: "somebody deletes the Service of InfluxDB",
    layer: "efd",
    byHand: [["kubectl", "-n", "influxdb", "delete", "service/influxdb"]],
    putBack: [["helm", "rollback", "influxdb", "-n", "influxdb", "1"]],
    expected: { worst: "interrupts", told: [["interrupts", "Service influxdb/influxdb", "deleted"]] },
  },
  {
    name: "topic-by-hand",
    about: "somebody lets a topic keep messages for a minute",
    layer: "efd",
    byHand: [
      [
        "kubectl",
        ...["-n", "kafka", "patch", `kafkatopic/${AIRFLOW}`, "--type=merge"],
        ...["-p", '{"spec":{"config":{"retention.ms":60000}}}'],
      ],
    ],
    putBack: [
      [
        "kubectl",
        ...["-n", "kafka", "patch", `kafkatopic/${AIRFLOW}`, "--type=merge"],
        ...["-p", '{"spec":{"config":{"retention.ms":null}}}'],
      ],
    ],
    expected: { worst: "loses data", told: [["loses data", "topic lsst.sal.ESS.airFlow", "less"]] },
  },
  {
    name: "topic-deleted-by-hand",
    about: "somebody deletes a topic, though it is marked to be kept",
    layer: "efd",
    byHand: [["kubectl", "-n", "kafka", "delete", `kafkatopic/${AIRFLOW}`]],
    putBack: [["helm", "rollback", "kafka-accounts", "-n", "kafka", "1"]],
    expected: { worst: "loses data", told: [["loses data", "topic lsst.sal.ESS.airFlow", "deleted"]] },
  },
  {
    name: "kafka-by-hand",
    about: "somebody lets Kafka keep messages for an hour, and tells Strimzi to look away",
    layer: "efd",
    byHand: [
      [
        "kubectl",
        ...["-n", "kafka", "patch", "kafka/efd", "--type=merge"],
        ...["-p", '{"spec":{"kafka":{"config":{"log.retention.hours":1}}}}'],
      ],
      ["kubectl", "-n", "kafka", "annotate", "kafka/efd", "strimzi.io/pause-reconciliation=true"],
    ],
    putBack: [
      [
        "kubectl",
        ...["-n", "kafka", "patch", "kafka/efd", "--type=merge"],
        ...["-p", '{"spec":{"kafka":{"config":{"log.retention.hours":24}}}}'],
      ],
      ["kubectl", "-n", "kafka", "annotate", "kafka/efd", "strimzi.io/pause-reconciliation-"],
    ],
    expected: {
      worst: "loses data",
      told: [
        ["loses data", "Kafka", "1 h", "24 h"],
        ["interrupts", "Kafka kafka/efd", "paused"],
      ],
    },
  },
  {
    name: "rolled-back-by-hand",
    about: "somebody rolls Chronograf's release back with helm",
    layer: "efd",
    first: {
      stack: (stack) =>
        values(stack, "chronograf_efd", (all: { resources: object }) => {
          all.resources = { ...all.resources, limits: { cpu: "1", memory: "333Mi" } };
        }),
    },
    byHand: [["helm", "rollback", "efd", "-n", "chronograf", "1"]],
    expected: {
      worst: "restarts",
      told: [
        ["changes access", "Helm release chronograf/efd", "revision 2", "revision 3"],
        ["restarts", "Deployment chronograf/efd-chronograf"],
      ],
    },
  },
];
