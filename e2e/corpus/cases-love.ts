/** Cases of LOVE. */
import { type Case, casesOf, type Command, type EditableJson } from "./case";
import { drop } from "./edit";

/** LOVE of the site that its cases begin with: all sets, and more than one producer where a case takes one away. */
const LOVE = {
  enabled: true,
  profile: "phalanx2026",
  frontend: { minReplicas: 2, nightReplicas: 6, maxReplicas: 10 },
  nginx: { replicas: 2, resources: { requests: { cpu: "10m" } } },
  cameras: [{ path: "simcam", feed: "simcam", url: "http://simulation.toy:5013/" }],
  microphones: [{ name: "dome", host: "dome.example.org" }],
  producers: [
    { name: "test42", csc: "Test:42", route: "producers" },
    { name: "test43", csc: "Test:43", route: "producers" },
    { name: "mtm1m3", csc: "MTM1M3:0", route: "m1m3", asynchronous: ["evt_summaryState", "evt_detailedState"] },
    { name: "mtm1m3-telemetry", csc: "MTM1M3:0", route: "m1m3", periodic: ["tel_imsData", "tel_appliedForces"] },
    { name: "atscriptqueue", csc: "ScriptQueue:2", route: "atqueue" },
    { name: "mtscriptqueue", csc: "ScriptQueue:1", route: "mtqueue" },
    { name: "ocsscriptqueue", csc: "ScriptQueue:3", route: "ocsqueue" },
    { name: "ess101", csc: "ESS:101", route: "envsys-1" },
    { name: "ess102", csc: "ESS:102", route: "envsys-1" },
    { name: "ess201", csc: "ESS:201", route: "envsys-2" },
    { name: "dimm1", csc: "DIMM:1", route: "envsys-3" },
    { name: "ataos", csc: "ATAOS:0", route: "atcs" },
    { name: "mtaos", csc: "MTAOS:0", route: "mtcs" },
    { name: "cbp", csc: "CBP:0", route: "calsys" },
    { name: "mtocps", csc: "OCPS:3", route: "obssys" },
  ],
};

/** The site that every case begins with, with LOVE and with hours in which it observes. */
export function loveSite(site: EditableJson): void {
  site.observing = [{ from: "19:00", to: "07:00", timeZone: "America/Santiago" }];
  site.love = { ...site.love, ...structuredClone(LOVE) };
}

/** LOVE's object of this type and name. */
function named(stack: EditableJson, type: string, name: string): EditableJson {
  const found = Object.values<EditableJson>(stack.resource[type]).find(({ metadata }) => metadata.name === name);
  if (!found) throw new Error(`no ${type} is called ${name}`);
  return found;
}

const DEPLOYMENT = "kubernetes_deployment_v1";
const CONFIG_MAP = "kubernetes_config_map_v1";

/** Takes an object of LOVE out of the program. */
const without = (type: string, name: string) => (stack: EditableJson) => {
  const found = named(stack, type, name);
  const [id] = Object.entries(stack.resource[type]).find(([, one]) => one === found) ?? [];
  drop(stack, `${type}.${id}`);
};

/** Variables of a Deployment's first container. */
const variables = (stack: EditableJson, name: string): EditableJson[] =>
  named(stack, DEPLOYMENT, name).spec.template.spec.container[0].env;

const setVariable =
  (name: string, variable: string, value: string) =>
  (stack: EditableJson): void => {
    variables(stack, name).find((one) => one.name === variable).value = value;
  };

const producer = (site: EditableJson, name: string): EditableJson =>
  site.love.producers.find((one: EditableJson) => one.name === name);

const withoutProducer = (name: string) => (site: EditableJson) => {
  site.love.producers = site.love.producers.filter((one: EditableJson) => one.name !== name);
};

/** Every case of a plan. */
const PLANNED = casesOf("love", {
  "love-producer-gone": {
    about: "a producer leaves the site's file",
    site: withoutProducer("test42"),
    told: [["interrupts", "the producer test42 (Test:42) is deleted", "views lose what it brings"]],
  },
  "love-producer-part-gone": {
    about: "a producer of a CSC that several share leaves the site's file",
    site: withoutProducer("mtm1m3-telemetry"),
    told: [["interrupts", "the producer mtm1m3-telemetry (tel_imsData, tel_appliedForces of MTM1M3:0) is deleted"]],
  },
  "love-producer-renamed": {
    about: "a producer gets another name",
    site: (site) => (producer(site, "test42").name = "test-42"),
    told: [["restarts", "the producer test42 (Test:42) is deleted", "another brings the same"]],
  },
  "love-producer-index": {
    about: "a producer brings the CSC of another index",
    site: (site) => (producer(site, "test42").csc = "Test:44"),
    told: [["interrupts", "the producer test42 brings Test:44 instead of Test:42", "views lose Test:42"]],
  },
  "love-producer-topics": {
    about: "a producer takes fewer topics",
    site: (site) => producer(site, "mtm1m3").asynchronous.pop(),
    told: [["interrupts", "the producer mtm1m3 takes fewer topics", "views lose evt_detailedState of MTM1M3:0"]],
  },
  "love-producer-route": {
    about: "a producer goes by another route",
    site: (site) => (producer(site, "ess102").route = "envsys-2"),
    told: [["restarts", "the producer ess102 goes by the route envsys-2 instead of envsys-1"]],
  },
  "love-producer-route-unknown": {
    about: "a producer goes by a route that leads to no set",
    stack: setVariable(
      "love-producer-ess102",
      "WEBSOCKET_HOST",
      "love-nginx-service/love/manager/nowhere/ws/subscription",
    ),
    told: [["interrupts", "the producer ess102 goes by the route nowhere", "leads to no set"]],
  },
  "love-producer-resources": {
    about: "producers get more memory",
    site: (site) => (site.love.producerResources = { limits: { memory: "400Mi" } }),
    told: [["restarts", "the producer ataos restarts"]],
  },
  "love-set-gone": {
    about: "a set of manager-producers leaves the program, and its producers stay",
    stack: without(DEPLOYMENT, "love-manager-producer-obssys"),
    told: [["interrupts", "the set obssys of manager-producers is deleted"]],
  },
  "love-profile": {
    about: "the sets of TSTN-046 take the place of today's",
    site: (site) => (site.love.profile = "tstn046"),
    told: [
      ["restarts", "the set atcs of manager-producers is deleted"],
      ["restarts", "the producer ataos goes by the route producers instead of atcs"],
      ["interrupts", "nginx no longer has the routes", "/love/manager/atqueue"],
    ],
  },
  "love-frontends-fewer": {
    about: "there may be fewer frontends",
    site: (site) => (site.love.frontend.maxReplicas = 6),
    told: [["interrupts", "manager-frontend has at most 6 pods instead of 10"]],
  },
  "love-frontends-more": {
    about: "there may be more frontends",
    site: (site) => (site.love.frontend.maxReplicas = 12),
    told: [["harmless", "manager-frontend has at most 12 pods instead of 10"]],
  },
  "love-frontend-floor": {
    about: "a night has fewer frontends at least",
    site: (site) => (site.love.frontend.nightReplicas = 4),
    told: [["interrupts", "love-manager-frontend-night sets the least number of manager-frontends to 4 instead of 6"]],
  },
  "love-frontend-target": {
    about: "a frontend takes more before another one starts",
    site: (site) => (site.love.frontend.cpuTarget = 90),
    told: [["interrupts", "another pod above 90 % CPU instead of 50 %"]],
  },
  "love-autoscaler-gone": {
    about: "the autoscaler of the frontends leaves the program",
    stack: without("kubernetes_horizontal_pod_autoscaler_v2", "love-manager-frontend"),
    told: [["interrupts", "autoscaler of the manager-frontend is deleted"]],
  },
  "love-budget-gone": {
    about: "the disruption budget of the frontends leaves the program",
    stack: without("kubernetes_pod_disruption_budget_v1", "love-manager-frontend"),
    told: [["harmless", "disruption budget love-manager-frontend is deleted"]],
  },
  "love-managers-restart": {
    about: "managers stamp their messages",
    site: (site) => (site.love.trace = true),
    told: [
      ["restarts", "the manager-frontend restarts"],
      ["restarts", "the set atcs of manager-producers restarts"],
    ],
  },
  "love-grace-short": {
    about: "a frontend is killed before it has ended politely",
    stack: (stack) =>
      (named(stack, DEPLOYMENT, "love-manager-frontend").spec.template.spec.termination_grace_period_seconds = 20),
    told: [["interrupts", "love-manager-frontend has 20 s to end and needs 40 s"]],
  },
  "love-redis-ceiling": {
    about: "Redis may use less memory",
    site: (site) => (site.love.redis.maxMemory = "64Mi"),
    told: [
      ["interrupts", "LOVE's Redis gets maxmemory 67108864 instead of 134217728"],
      ["interrupts", "LOVE's Redis restarts"],
    ],
  },
  "love-redis-policy": {
    about: "Redis refuses messages once it is full",
    stack: (stack) => {
      const { data } = named(stack, CONFIG_MAP, "redis-conf");
      data["redis.conf"] = data["redis.conf"].replace("volatile-ttl", "noeviction");
    },
    told: [["interrupts", "LOVE's Redis gets maxmemory-policy noeviction instead of volatile-ttl"]],
  },
  "love-redis-gone": {
    about: "Redis leaves the program",
    stack: without(DEPLOYMENT, "love-manager-redis"),
    told: [["interrupts", "LOVE's Redis is deleted"]],
  },
  "love-group-expiry": {
    about: "groups of Redis live for a shorter time",
    site: (site) => (site.love.redis.groupExpiry = 900),
    told: [["interrupts", "the manager-frontend lets groups of Redis live 900 s instead of 1800 s"]],
  },
  "love-group-expiry-unequal": {
    about: "groups live longer for frontends than for sets",
    stack: setVariable("love-manager-frontend", "REDIS_CONFIG_GROUP_EXPIRY", "3600"),
    told: [["interrupts", "the manager-frontend", "3600 s instead of 1800 s", "not every manager the same"]],
  },
  "love-cycle-next": {
    about: "LOVE's images are of the next cycle",
    site: (site) => (site.love.images.cycle = "c0045"),
    told: [
      ["restarts", "goes from c0044 to c0045", "love-manager", "love-producer"],
      ["restarts", "the manager-frontend restarts"],
      ["interrupts", "the commander restarts"],
      ["interrupts", "LOVE's setup runs again, with another image"],
    ],
  },
  "love-cycle-mixed": {
    about: "managers are of another cycle than the rest",
    site: (site) => (site.love.images.manager = "c0045"),
    told: [["interrupts", "love-manager goes from c0044 to c0045", "LOVE then runs c0044 (", "c0045 (love-manager)"]],
  },
  "love-cycle-down": {
    about: "LOVE's images are of the cycle before",
    site: (site) => (site.love.images.cycle = "c0043"),
    told: [["interrupts", "goes from c0044 to c0043", "love-manager"]],
  },
  "love-camera-gone": {
    about: "a camera leaves the site's file",
    site: (site) => (site.love.cameras = []),
    told: [
      ["interrupts", "LOVE's nginx no longer answers at /love/simcam"],
      ["restarts", "LOVE's nginx restarts"],
      ["harmless", "default.json", "camFeeds"],
    ],
  },
  "love-nginx-alone": {
    about: "there is one nginx",
    site: (site) => (site.love.nginx.replicas = 1),
    told: [["restarts", "LOVE's nginx goes from 2 to 1 pods"]],
  },
  "love-nginx-gone": {
    about: "nginx leaves the program",
    stack: without(DEPLOYMENT, "love-nginx"),
    told: [["interrupts", "LOVE's nginx is deleted"]],
  },
  "love-commander-restarts": {
    about: "the commander gets more memory",
    site: (site) => (site.love.commander.resources.limits = { memory: "2Gi" }),
    told: [["interrupts", "the commander restarts"]],
  },
  "love-host": {
    about: "LOVE gets another host name",
    stack: (stack) => {
      const job = Object.values<EditableJson>(stack.resource.kubernetes_job_v1).find(({ metadata }) =>
        metadata.name.startsWith("love-manager-setup-"),
      );
      const text = JSON.stringify(stack)
        .replaceAll("love-local-efd.localhost", "views.localhost")
        .replaceAll(job.metadata.name, "love-manager-setup-00000000");
      Object.assign(stack, JSON.parse(text));
    },
    told: [
      ["interrupts", "nothing answers at love-local-efd.localhost any more"],
      ["changes access", "LOVE's setup runs again, for the host views.localhost"],
    ],
  },
  "love-database-other": {
    about: "managers use a database outside of the cluster, and LOVE's own leaves the program",
    // A site whose passwords are generated has its database inside.
    stack: (stack) => {
      for (const one of Object.values<EditableJson>(stack.resource[DEPLOYMENT]))
        if (/^love-manager-(frontend|producer-)/.test(one.metadata.name))
          setVariable(one.metadata.name, "DB_HOST", "postgresql.example.org")(stack);
      without(DEPLOYMENT, "love-manager-database")(stack);
    },
    told: [
      ["interrupts", "LOVE uses another database", "postgresql.example.org instead of love-manager-database-service"],
      ["interrupts", "LOVE's PostgreSQL is deleted"],
    ],
  },
  "love-alarms-quieter": {
    about: "fewer alarms sound",
    stack: (stack) => {
      const { data } = named(stack, CONFIG_MAP, "love-conf");
      data["default.json"] = data["default.json"].replace(
        '"minSeveritySound": "warning"',
        '"minSeveritySound": "critical"',
      );
    },
    told: [["interrupts", "with default.json, alarms sound from critical on instead of warning"]],
  },
  "love-microphone-gone": {
    about: "a microphone leaves the site's file",
    site: (site) => (site.love.microphones = []),
    told: [["interrupts", "the audio broadcaster 1 is deleted"]],
  },
  "love-cleanup-gone": {
    about: "nobody cleans Redis up any more",
    stack: without("kubernetes_cron_job_v1", "love-manager-redis-cleanup"),
    told: [["interrupts", "love-manager-redis-cleanup", "is deleted"]],
  },
  "love-way-closed": {
    about: "the commander no longer lets frontends in",
    stack: (stack) => {
      const policy = named(stack, "kubernetes_network_policy_v1", "love-commander");
      policy.spec.ingress[0].from = [{ pod_selector: { match_labels: { app: "other" } } }];
    },
    told: [["interrupts", "network policy love/love-commander no longer lets in love-manager-frontend at port 5000"]],
  },
  "love-environment-gone": {
    about: "the environment of SAL's programs leaves the program",
    stack: without(CONFIG_MAP, "csc-env-config"),
    told: [["interrupts", "config map love/csc-env-config is deleted"]],
  },
  "love-switched-off": {
    about: "LOVE is switched off",
    site: (site) => (site.love.enabled = false),
    told: [
      ["loses data", "PVC love/love-manager-database", "deleted"],
      ["interrupts", "the manager-frontend is deleted"],
      ["interrupts", "the producer ataos (ATAOS:0) is deleted"],
      ["interrupts", "nothing answers at love-local-efd.localhost any more"],
    ],
  },
});

/** The site as it is: an apply afterwards makes again what somebody changed or deleted. */
const AS_IT_IS = { first: {} } as const;

const json = (value: unknown): string => JSON.stringify(value).replaceAll(" ", "\\u0020");
const patch = (object: string, change: object): Command =>
  `kubectl -n love patch ${object} --type=merge -p ${json(change)}`;
const scale = (name: string, replicas: number): Command =>
  `kubectl -n love scale deployment/${name} --replicas=${replicas}`;

/** What somebody does by hand, and what schedules do. */
const DRIFTED = casesOf(
  { layer: "love", ...AS_IT_IS },
  {
    "love-producer-stopped-by-hand": {
      about: "somebody stops a producer",
      byHand: [scale("love-producer-test42", 0)],
      told: [["interrupts", "the producer test42 (Test:42) is stopped"]],
    },
    "love-set-stopped-by-hand": {
      about: "somebody stops a set",
      byHand: [scale("love-manager-producer-obssys", 0)],
      told: [["interrupts", "the set obssys of manager-producers is stopped"]],
    },
    "love-commander-stopped-by-hand": {
      about:
        "somebody stops the commander, while schedules raise the floor of the frontends and restart them, and the autoscaler adds some",
      byHand: [
        patch("horizontalpodautoscalers.v2.autoscaling/love-manager-frontend", { spec: { minReplicas: 6 } }),
        scale("love-manager-frontend", 6),
        "kubectl -n love rollout restart deployment/love-manager-frontend",
        patch("deployment/love-producer-test42", {
          spec: { template: { metadata: { annotations: { "efd/secrets": "1a2b3c4d" } } } },
        }),
        scale("love-commander", 0),
      ],
      told: [["interrupts", "the commander is stopped"]],
    },
    "love-audio-stopped-by-hand": {
      about: "somebody stops a broadcaster",
      byHand: [scale("audio-broadcaster-1", 0)],
      told: [["interrupts", "the audio broadcaster 1 is stopped"]],
    },
    "love-redis-stopped-by-hand": {
      about: "somebody stops Redis",
      byHand: [scale("love-manager-redis", 0)],
      told: [["interrupts", "LOVE's Redis is stopped"]],
    },
    "love-nginx-stopped-by-hand": {
      about: "somebody stops nginx",
      byHand: [scale("love-nginx", 0)],
      told: [["interrupts", "LOVE's nginx is stopped"]],
    },
    "love-autoscaler-deleted-by-hand": {
      about: "somebody deletes the autoscaler of the frontends",
      byHand: ["kubectl -n love delete horizontalpodautoscalers.v2.autoscaling/love-manager-frontend"],
      told: [["interrupts", "autoscaler of the manager-frontend is deleted"]],
    },
    "love-image-by-hand": {
      about: "somebody gives the commander an older image",
      byHand: [
        "kubectl -n love set image deployment/love-commander love-commander=docker.io/lsstts/love-commander:c0043",
      ],
      told: [["interrupts", "love-commander goes from c0044 to c0043"]],
    },
    "love-database-by-hand": {
      about: "somebody gives the frontends another database",
      byHand: ["kubectl -n love set env deployment/love-manager-frontend DB_HOST=other.example.org"],
      told: [["interrupts", "LOVE uses another database", "other.example.org"]],
    },
    "love-configuration-by-hand": {
      about: "somebody lets no alarm sound",
      byHand: [patch("configmap/love-conf", { data: { "default.json": '{"alarms":{"minSeveritySound":"mute"}}' } })],
      told: [["interrupts", "with default.json, alarms sound from mute on instead of warning"]],
    },
    "love-schedule-by-hand": {
      about: "somebody suspends the schedule that raises the floor before a night",
      byHand: [patch("cronjob/love-manager-frontend-night", { spec: { suspend: true } })],
      told: [["interrupts", "love-manager-frontend-night", "is suspended"]],
    },
    "love-way-by-hand": {
      about: "somebody lets other pods into Redis, and no managers",
      byHand: [
        patch("networkpolicy/love-manager-redis", {
          spec: { ingress: [{ from: [{ podSelector: { matchLabels: { app: "other" } } }] }] },
        }),
      ],
      told: [["interrupts", "network policy love/love-manager-redis no longer lets in"]],
    },
    "love-environment-by-hand": {
      about: "somebody deletes the environment of SAL's programs",
      byHand: ["kubectl -n love delete configmap/csc-env-config"],
      told: [["interrupts", "config map love/csc-env-config is deleted"]],
    },
  },
);

/** Every one of them. */
export const LOVE_CASES: readonly Case[] = [...PLANNED, ...DRIFTED];
