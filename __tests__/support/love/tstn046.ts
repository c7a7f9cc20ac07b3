/** A site that is in no list, with LOVE as TSTN-046 describes it. */
import { defineEnvironment } from "../../../environments/schema";
import { smallSite } from "../environment";
import { ACCOUNT } from "./cases";

/** Made up: each kind of producer once, everything that LOVE may use outside, and no route in the list. */
export const tstn046Site = (() => {
  const site = smallSite();
  return defineEnvironment({
    ...site,
    name: "seventh",
    title: "made-up site with LOVE by TSTN-046",
    // Over midnight, in a zone with another offset in summer.
    observing: [{ from: "17:30", to: "08:00", timeZone: "America/Santiago" }],
    cluster: { kind: "k3s", dockerHost: "ssh://192.0.2.20", address: "192.0.2.20", maxPods: 250 },
    secrets: { kind: "vault", server: "https://vault.example.org", mount: "secret", path: "seventh/efd" },
    kafka: { ...site.kafka, clients: [ACCOUNT] },
    restProxy: { prefixes: ["lsst.obsenv"] },
    love: {
      profile: "tstn046",
      salSite: "seventh",
      images: { registry: "registry.example.org/love", cycle: "c0040", manager: "c0040.002" },
      sciencePlatform: "platform.example.org",
      efdAlias: "seventh_efd",
      ldap: ["ldaps://ldap.example.org:636"],
      database: { kind: "external", host: "db.example.org", port: 5433, name: "love7", user: "love7" },
      jira: { host: "jira.example.org", project: 7 },
      mail: { user: "love" },
      objectStore: { endpoint: "https://s3.example.org", instance: "seven", checksumWhenRequired: true },
      remoteAccounts: ["base"],
      frontend: { minReplicas: 3, maxReplicas: 12, nightReplicas: 8, cpuTarget: 70, cpuPerView: "250m" },
      managerResources: { requests: { cpu: "500m" } },
      redis: { maxMemory: "400Mi", groupExpiry: 900, resources: { limits: { memory: "500Mi" } } },
      cameras: [{ path: "sky", feed: "allSky", url: "http://camera.example.org:8080/" }],
      microphones: [{ name: "dome", host: "192.0.2.30" }],
      spread: true,
      producers: [
        { name: "m1m3", csc: "MTM1M3:0", asynchronous: ["evt_heartbeat", "evt_summaryState"] },
        { name: "m1m3-tel", csc: "MTM1M3:0", periodic: ["tel_forceActuatorData"], logLevel: 10 },
        { name: "mtqueue", csc: "ScriptQueue:1" },
        { name: "atqueue", csc: "ScriptQueue:2" },
        { name: "ocsqueue", csc: "ScriptQueue:3" },
        {
          name: "mtmount",
          csc: "MTMount:0",
          resources: { requests: { cpu: "400m", memory: "200Mi" }, limits: { cpu: "1", memory: "600Mi" } },
        },
        { name: "ess303", csc: "ESS:303", asynchronous: ["evt_heartbeat", "tel_xups"], logLevel: 10 },
        { name: "atmcs", csc: "ATMCS:0" },
      ],
    },
  });
})();
