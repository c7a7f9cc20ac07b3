import { allTopicsOf, CSCS_OF_SUMMIT, topicsOf } from "./cscs";
import { vaultOf } from "./lsst-codes";
import { defineEnvironment } from "../schema";

/** Integration copy of the Summit at NCSA (argocd-efd: ncsa-int): heartbeats of all CSCs, and the weather station. */
export const ncsa = defineEnvironment({
  name: "ncsa",
  title: "integration copy of the Summit",
  domain: "ncsa.illinois.edu",
  // argocd-efd, 2022: lsst-influxdb-int-efd.ncsa.illinois.edu.
  hostPattern: "lsst-{app}-int-efd.{domain}",
  // Neither Docker host nor address is documented: whoever deploys names them.
  cluster: { kind: "k3s" },
  state: { kind: "pg" },
  certificates: { kind: "given" },
  dns: { kind: "none" },
  secrets: vaultOf("lsst-lsp-int.ncsa.illinois.edu"),
  login: "github",
  kafka: {
    brokers: [
      { id: 0, nodePort: 31090 },
      { id: 1, nodePort: 31091 },
      { id: 2, nodePort: 31092 },
    ],
    // argocd-efd, 2022: all sizes and the retention.
    brokerDisk: "50Gi",
    retention: "24h",
  },
  // Schemas are copies: the registry is set to READONLY, or to IMPORT, as need be.
  registry: { modeIsMutable: true },
  influxdb: { disk: "50Gi", retention: "forever" },
  chronograf: { disk: "50Gi" },
  kapacitor: { disk: "50Gi" },
  telegraf: {
    // argocd-efd, 2022: what the sinks influxdb-main and influxdb-weather-station of Kafka Connect took.
    consumers: [
      { name: "main", topics: CSCS_OF_SUMMIT.flatMap((csc) => topicsOf(csc, "logevent_heartbeat")) },
      {
        name: "weather-station",
        // ts_xml: the telemetry, and the events that say how the station is.
        topics: topicsOf(
          "WeatherStation",
          "airPressure",
          "airTemperature",
          "dewPoint",
          "precipitation",
          "relativeHumidity",
          "snowDepth",
          "soilTemperature",
          "solarNetRadiation",
          "weather",
          "windDirection",
          "windGustDirection",
          "windSpeed",
          "logevent_heartbeat",
          "logevent_summaryState",
        ),
      },
    ],
  },
  connect: {
    // argocd-efd, 2022.
    s3: {
      bucket: "efd-int",
      region: "us-east-1",
      storeUrl: "http://lsst-nfs.ncsa.illinois.edu:9003",
      topics: ["lsst.sal.*"],
    },
  },
  // argocd-efd, 2022, but for the address: by the bootstrap name the mirror starts while a broker is away.
  mirror: {
    source: { alias: "summit", bootstrap: "kafka-summit-efd.lsst.codes:31089", user: "replicator" },
    alias: "int",
    topics: ["_schemas", "lsst.sal.*logevent_heartbeat", ...allTopicsOf("WeatherStation")],
  },
});
