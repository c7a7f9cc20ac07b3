import { allTopicsOf, topicsOf } from "./cscs";
import { loveProducersOf } from "./love-producers";
import { LSST_CODES, vaultOf } from "./lsst-codes";
import { defineEnvironment } from "../schema";

/** Limits of Sasquatch at this site, which reserves half of the default CPU (phalanx 2026-08). */
const resources = { limits: { cpu: "2", memory: "8Gi" } };

/** Test stand in Tucson, host ts-csc-01. */
export const tucson = defineEnvironment({
  ...LSST_CODES,
  name: "tucson",
  title: "test stand",
  cluster: {
    kind: "k3s",
    // SQR-031, 2019-07-15.
    dockerHost: "ssh://140.252.32.142",
    address: "140.252.32.142",
    maxPods: 250,
  },
  secrets: vaultOf("tucson-teststand.lsst.codes"),
  kafka: {
    // phalanx 2026-08: ids of the test stand.
    controllerIds: [0, 1, 2],
    brokers: [
      { id: 3, nodePort: 31090 },
      { id: 4, nodePort: 31091 },
      { id: 5, nodePort: 31092 },
    ],
    brokerDisk: "15Gi",
    retention: "2h",
    clients: [
      {
        name: "ts-salkafka",
        description: "SAL's Kafka producers",
        prefixes: ["lsst.sal", "lsst.s3"],
        access: "all",
        consumes: true,
        cluster: true,
      },
      {
        name: "ts-obsenv",
        description: "producer of the observing environment",
        prefixes: ["lsst.obsenv"],
        access: "all",
        consumes: true,
        cluster: true,
      },
    ],
    // phalanx 2026-08, each with one partition. SAL's producers make theirs.
    topics: ["lsst.obsenv.action", "lsst.obsenv.summary", "lsst.obsenv.run-branch"].map((name) => ({ name })),
  },
  // phalanx 2026-08.
  restProxy: { prefixes: ["lsst.obsenv"] },
  influxdb: { disk: "15Gi", retention: "52w" },
  chronograf: { disk: "8Gi" },
  kapacitor: { disk: "8Gi" },
  telegraf: {
    // phalanx 2026-08.
    consumers: [
      {
        name: "auxtel",
        topics: allTopicsOf(
          "ATAOS",
          "ATBuilding",
          "ATDome",
          "ATDomeTrajectory",
          "ATHexapod",
          "ATPneumatics",
          "ATPtg",
          "ATMCS",
        ),
        resources,
      },
      { name: "maintel", topics: allTopicsOf("MTAOS", "MTDome", "MTDomeTrajectory", "MTPtg", "WFOODS"), resources },
      { name: "mtmount", topics: allTopicsOf("MTMount"), resources },
      {
        name: "envsys",
        topics: allTopicsOf("DIMM", "DREAM", "DSM", "EAS", "EPM", "ESS", "HVAC", "WeatherForecast"),
        batchSize: 100,
        flushInterval: "20s",
        resources,
      },
      { name: "latiss", topics: allTopicsOf("ATCamera", "ATHeaderService", "ATOODS", "ATSpectrograph"), resources },
      { name: "m1m3", topics: topicsOf("MTM1M3", "ackcmd", "logevent*", "command*"), resources },
      {
        name: "m1m3-tel1",
        topics: topicsOf(
          "MTM1M3",
          "accelerometerData",
          "appliedCylinderForces",
          "appliedForces",
          "gyroData",
          "hardpointActuatorData",
          "hardpointMonitorData",
        ),
        resources: { limits: { cpu: "6", memory: "2Gi" } },
      },
      {
        name: "m1m3-tel2",
        topics: topicsOf(
          "MTM1M3",
          "forceActuatorData",
          "outerLoopData",
          "imsData",
          "inclinometerData",
          "powerSupplyData",
        ),
        batchSize: 750,
        resources: { limits: { cpu: "6", memory: "8Gi" } },
      },
      {
        name: "m1m3-tel3",
        topics: topicsOf(
          "MTM1M3",
          "appliedAccelerationForces",
          "appliedAzimuthForces",
          "appliedBalanceForces",
          "appliedElevationForces",
          "appliedThermalForces",
          "appliedVelocityForces",
          "forceActuatorPressure",
          "pidData",
        ),
        resources: { limits: { cpu: "5", memory: "2Gi" } },
      },
      { name: "m1m3ts", topics: allTopicsOf("MTM1M3TS"), batchSize: 1500, maxUndelivered: 4000, resources },
      { name: "m2", topics: allTopicsOf("MTHexapod", "MTM2", "MTRotator"), resources },
      { name: "obssys", topics: allTopicsOf("Scheduler", "Script", "ScriptQueue", "Watcher"), resources },
      { name: "ocps", topics: allTopicsOf("OCPS"), resources },
      {
        name: "calsys",
        topics: allTopicsOf(
          "CBP",
          "Electrometer",
          "FiberSpectrograph",
          "LEDProjector",
          "LinearStage",
          "MTReflector",
          "TunableLaser",
        ),
        resources,
      },
      { name: "comcam", topics: allTopicsOf("CCCamera", "CCHeaderService", "CCOODS"), resources },
      { name: "test", topics: allTopicsOf("Test"), resources },
      { name: "mtaircompressor", topics: allTopicsOf("MTAirCompressor"), resources },
      { name: "lasertracker", topics: allTopicsOf("LaserTracker"), resources },
      { name: "genericcamera", topics: allTopicsOf("GCHeaderService", "GenericCamera"), resources },
      { name: "mtvms", topics: allTopicsOf("MTVMS"), resources },
      {
        name: "obsenv",
        topics: ["lsst.obsenv*"],
        database: "lsst.obsenv",
        timestampField: "timestamp",
        timestampFormat: "unix_ms",
        resources,
      },
    ],
  },
  // phalanx 2026-08, all figures.
  love: {
    salSite: "tucson",
    images: { registry: "ts-dockerhub.lsst.org", cycle: "c0044" },
    sciencePlatform: "tucson-teststand.lsst.codes",
    efdAlias: "tucson_teststand_efd",
    ldap: ["ldap://ipa1.tu.lsst.org", "ldap://ipa2.tu.lsst.org", "ldap://ipa3.tu.lsst.org"],
    database: { kind: "external", host: "postgresdb01.tu.lsst.org" },
    jira: { host: "rubinobs.atlassian.net", project: 10063 },
    // Night reports go to a developer's mailbox: whoever deploys names it.
    mail: { user: "loveapplication" },
    objectStore: { endpoint: "https://s3.tu.lsst.org", instance: "tuc", checksumWhenRequired: true },
    frontend: { minReplicas: 2, maxReplicas: 25, cpuTarget: 50 },
    cameras: [{ path: "simcam", feed: "simcam", url: "http://simulation-gencam-service.calsys:5013/" }],
    producers: loveProducersOf("tucson"),
  },
});
