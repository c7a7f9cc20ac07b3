/** Cases in which somebody changes what runs by hand, inside Helm releases: no provider sees these. */
import { type Case, casesOf } from "./case";
import { values } from "./edit";

const AIRFLOW = "lsst.sal.ess.airflow-af3e8ed2";

/** Every one of them. */
export const DRIFT_CASES: readonly Case[] = [
  ...casesOf("platform", {
    "scaled-by-hand": {
      about: "somebody stops traefik",
      byHand: ["kubectl -n traefik scale deployment/traefik --replicas=0"],
      putBack: ["kubectl -n traefik scale deployment/traefik --replicas=1"],
      told: [["interrupts", "Deployment traefik/traefik", "stopped"]],
    },
    "variable-by-hand": {
      about: "somebody gives Strimzi's operator a variable and restarts it, and traefik too",
      byHand: [
        "kubectl -n strimzi set env deployment/strimzi-cluster-operator API_TOKEN=canary-by-hand",
        "kubectl -n strimzi rollout restart deployment/strimzi-cluster-operator",
        "kubectl -n traefik rollout restart deployment/traefik",
      ],
      putBack: ["kubectl -n strimzi set env deployment/strimzi-cluster-operator API_TOKEN-"],
      told: [["restarts", "Deployment strimzi/strimzi-cluster-operator"]],
    },
    "configuration-by-hand": {
      about: "somebody edits the configuration of Strimzi's operator",
      byHand: ['kubectl -n strimzi patch configmap/strimzi-cluster-operator -p {"data":{"by-hand":"yes"}}'],
      putBack: ['kubectl -n strimzi patch configmap/strimzi-cluster-operator -p {"data":{"by-hand":null}}'],
      told: [["harmless", "ConfigMap strimzi/strimzi-cluster-operator", "by-hand"]],
    },
    "rights-deleted-by-hand": {
      about: "somebody deletes a role of cert-manager",
      byHand: ["kubectl delete clusterrole/cert-manager-view"],
      putBack: ["helm rollback cert-manager -n cert-manager 1"],
      told: [["changes access", "ClusterRole cert-manager-view", "deleted"]],
    },
    "crd-deleted-by-hand": {
      about: "somebody deletes a CRD of cert-manager",
      byHand: ["kubectl delete customresourcedefinition/certificaterequests.cert-manager.io"],
      putBack: ["helm rollback cert-manager -n cert-manager 1"],
      told: [["loses data", "certificaterequests.cert-manager.io", "deleted"]],
    },
  }),
  ...casesOf("efd", {
    "service-deleted-by-hand": {
      about: "somebody deletes the Service of InfluxDB",
      byHand: ["kubectl -n influxdb delete service/influxdb"],
      putBack: ["helm rollback influxdb -n influxdb 1"],
      told: [["interrupts", "Service influxdb/influxdb", "deleted"]],
    },
    "topic-by-hand": {
      about: "somebody lets a topic keep messages for a minute",
      byHand: [
        `kubectl -n kafka patch kafkatopic/${AIRFLOW} --type=merge -p {"spec":{"config":{"retention.ms":60000}}}`,
      ],
      putBack: [
        `kubectl -n kafka patch kafkatopic/${AIRFLOW} --type=merge -p {"spec":{"config":{"retention.ms":null}}}`,
      ],
      told: [["loses data", "topic lsst.sal.ESS.airFlow", "less"]],
    },
    "topic-deleted-by-hand": {
      about: "somebody deletes a topic, though it is marked to be kept",
      byHand: [`kubectl -n kafka delete kafkatopic/${AIRFLOW}`],
      putBack: ["helm rollback kafka-accounts -n kafka 1"],
      told: [["loses data", "topic lsst.sal.ESS.airFlow", "deleted"]],
    },
    "kafka-by-hand": {
      about: "somebody lets Kafka keep messages for an hour, and tells Strimzi to look away",
      byHand: [
        'kubectl -n kafka patch kafka/efd --type=merge -p {"spec":{"kafka":{"config":{"log.retention.hours":1}}}}',
        "kubectl -n kafka annotate kafka/efd strimzi.io/pause-reconciliation=true",
      ],
      putBack: [
        'kubectl -n kafka patch kafka/efd --type=merge -p {"spec":{"kafka":{"config":{"log.retention.hours":24}}}}',
        "kubectl -n kafka annotate kafka/efd strimzi.io/pause-reconciliation-",
      ],
      told: [
        ["loses data", "Kafka", "1 h", "24 h"],
        ["interrupts", "Kafka kafka/efd", "paused"],
      ],
    },
    "rolled-back-by-hand": {
      about: "somebody rolls Chronograf's release back with helm",
      first: {
        stack: values("chronograf_efd", (all: { resources: object }) => {
          all.resources = { ...all.resources, limits: { cpu: "1", memory: "333Mi" } };
        }),
      },
      byHand: ["helm rollback efd -n chronograf 1"],
      told: [
        ["changes access", "Helm release chronograf/efd", "revision 2", "revision 3"],
        ["restarts", "Deployment chronograf/efd-chronograf"],
      ],
    },
  }),
];
