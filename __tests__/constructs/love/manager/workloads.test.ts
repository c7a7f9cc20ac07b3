/** Frontends and sets as Kubernetes runs them. */
import type { Json, StackView } from "../../../../synthesized/stack";
import { at, only } from "../../support";
import {
  byName,
  deployments,
  FRONTEND,
  LOVE_SITES,
  managers,
  managersOf,
  named,
  setsOfView,
  specOf,
  valuesOf,
} from "./support";

const HPA = "kubernetes_horizontal_pod_autoscaler_v2";
const BUDGET = "kubernetes_pod_disruption_budget_v1";
const SERVICE = "kubernetes_service_v1";

const autoscaler = (view: StackView) => only(view, HPA);
const frontend = (view: StackView) => named(view, "kubernetes_deployment_v1", FRONTEND);
const container = (body: Json) => at(body, "spec.template.spec.container.0");
const everyManager = (view: StackView) => Object.entries(deployments(view));

/** Sets of each profile, and how many pods each has. */
const SETS = {
  phalanx2026: {
    ...{ general: 1, atqueue: 1, mtqueue: 1, ocsqueue: 1, m1m3: 1, "envsys-1": 1, "envsys-2": 1, "envsys-3": 1 },
    ...{ atcs: 1, mtcs: 1, calsys: 1, obssys: 1 },
  },
  tstn046: { general: 10, queue: 3, m1m3: 1 },
} as const;

describe.each(LOVE_SITES)("%s", (site) => {
  const view = () => managersOf(site);

  test("LOVE-C01: everything is in namespace love", () => {
    for (const { body } of view().resources()) {
      const metadata = at(body, "metadata");
      if (metadata) expect(at(metadata, "namespace")).toBe("love");
    }
  });

  test("LOVE-C02, LOVE-C10: the one autoscaler scales the frontends, under each profile", () => {
    for (const profile of ["phalanx2026", "tstn046"] as const)
      expect(at(autoscaler(managers(site, { profile })), "spec.scale_target_ref")).toEqual({
        api_version: "apps/v1",
        kind: "Deployment",
        name: FRONTEND,
      });
  });

  test("LOVE-C05, LOVE-C06: two frontends or a tenth may go in two minutes, the fewer of both, after half an hour", () => {
    expect(at(autoscaler(view()), "spec.behavior.scale_down")).toEqual([
      {
        policy: [
          { type: "Pods", value: 2, period_seconds: 120 },
          { type: "Percent", value: 10, period_seconds: 120 },
        ],
        select_policy: "Min",
        stabilization_window_seconds: 1800,
      },
    ]);
  });

  test("more frontends start at once", () => {
    expect(at(autoscaler(view()), "spec.behavior.scale_up")).toEqual([
      {
        policy: [
          { type: "Pods", value: 4, period_seconds: 15 },
          { type: "Percent", value: 100, period_seconds: 15 },
        ],
        select_policy: "Max",
        stabilization_window_seconds: 0,
      },
    ]);
  });

  test("LOVE-C07: the frontends' Deployment names no number", () => {
    expect(at(frontend(view()), "spec")).not.toHaveProperty("replicas");
  });

  test("LOVE-C08, LOVE-C09: the sets of each profile, with a fixed number of pods", () => {
    for (const profile of ["phalanx2026", "tstn046"] as const) {
      const sets = setsOfView(managers(site, { profile }));
      expect(
        Object.fromEntries(
          sets.map(([name, body]) => [name.slice("love-manager-producer-".length), at(body, "spec.replicas")]),
        ),
      ).toEqual(Object.fromEntries(Object.entries(SETS[profile]).map(([name, pods]) => [name, String(pods)])));
    }
  });

  test("LOVE-C36: ready once it listens; nothing asks over HTTP, which Django would refuse by its host", () => {
    for (const [, body] of everyManager(view())) {
      expect(at(container(body), "startup_probe")).toEqual({
        tcp_socket: [{ port: "8000" }],
        period_seconds: 2,
        failure_threshold: 60,
      });
      expect(at(container(body), "readiness_probe")).toEqual({ tcp_socket: [{ port: "8000" }], period_seconds: 5 });
      expect(at(container(body), "liveness_probe")).toBeUndefined();
    }
  });

  test("LOVE-C37: 150m and 200Mi each, up to a core and 1500Mi", () => {
    for (const [, body] of everyManager(view()))
      expect(at(container(body), "resources")).toEqual({
        requests: { cpu: "150m", memory: "200Mi" },
        limits: { cpu: "1", memory: "1500Mi" },
      });
  });

  test("uvicorn is the first process, in the program's folder, as nobody in particular", () => {
    for (const [, body] of everyManager(view())) {
      const words = ["command", "args"].flatMap((key) => at(container(body), key) as string[]);
      expect(words).toEqual([
        ...["python", "-m", "uvicorn", "--root-path=/love", "--host=0.0.0.0", "--port=8000"],
        "manager.asgi:application",
      ]);
      expect(at(container(body), "working_dir")).toBe("/usr/src/love/manager");
      expect(at(body, "spec.template.spec.security_context")).toMatchObject({
        run_as_non_root: true,
        run_as_user: "1000",
      });
      expect(at(container(body), "security_context")).toMatchObject({ read_only_root_filesystem: true });
    }
  });

  test("what it may write is its own and in /tmp; astropy asks nobody outside for the Earth's orientation", () => {
    for (const [, body] of everyManager(view())) {
      expect(at(container(body), "volume_mount")).toEqual([
        { name: "tmp", mount_path: "/tmp" },
        { name: "astropy", mount_path: "/config/astropy", read_only: true },
      ]);
      expect(at(body, "spec.template.spec.volume")).toEqual([
        { name: "tmp", empty_dir: {} },
        { name: "astropy", config_map: { name: "love-manager-astropy" } },
      ]);
      expect(valuesOf(body)).toMatchObject({ HOME: "/tmp", XDG_CONFIG_HOME: "/config" });
    }
    const settings = at(named(view(), "kubernetes_config_map_v1", "love-manager-astropy"), "data") as Record<
      string,
      string
    >;
    expect(settings["astropy.cfg"]?.split("\n")).toContain("auto_download = False");
  });

  test("LOVE-C58: it may take as long to go as leaving the Services and uvicorn's own limit take together", () => {
    for (const [, body] of everyManager(view())) {
      const [word, leaving] = at(container(body), "lifecycle.pre_stop.0.exec.command") as string[];
      expect([word, leaving]).toEqual(["sleep", "15"]);
      const graceful = Number(valuesOf(body)["UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN"]);
      expect(graceful).toBe(25);
      expect(at(body, "spec.template.spec.termination_grace_period_seconds")).toBeGreaterThan(
        Number(leaving) + graceful,
      );
    }
  });

  test("a rollout ends no manager before another is ready", () => {
    const rollout = (body: Json) => at(body, "spec.strategy.rolling_update");
    expect(rollout(frontend(view()))).toEqual({ max_surge: "25%", max_unavailable: "0" });
    expect(at(frontend(view()), "spec.min_ready_seconds")).toBe(10);
    for (const [, body] of setsOfView(view())) expect(rollout(body)).toEqual({ max_surge: "1", max_unavailable: "0" });
  });

  test("LOVE-C56: nodes are emptied one frontend at a time; a set of one pod has no budget", () => {
    expect(byName(view(), BUDGET)).toEqual({
      [FRONTEND]: expect.objectContaining({
        spec: {
          max_unavailable: "1",
          selector: { match_labels: at(frontend(view()), "spec.selector.match_labels") },
        },
      }) as unknown,
    });
    const budgets = byName(managers(site, { profile: "tstn046" }), BUDGET);
    expect(Object.keys(budgets).sort()).toEqual([
      ...["love-manager-frontend", "love-manager-producer-general", "love-manager-producer-queue"],
    ]);
  });

  test("each has a Service, and a headless one by which nginx knows each ready pod", () => {
    const services = byName(view(), SERVICE);
    expect(Object.keys(services).sort()).toEqual(
      everyManager(view())
        .flatMap(([name]) => [`${name}-headless`, `${name}-service`])
        .sort(),
    );
    for (const [name, body] of everyManager(view())) {
      const [service, headless] = [`${name}-service`, `${name}-headless`].map((one) => at(services[one] ?? {}, "spec"));
      const selector = at(body, "spec.selector.match_labels");
      expect(service).toEqual({ selector, port: [{ name: "http", port: 8000 }] });
      expect(headless).toEqual({
        ...{ selector, port: [{ name: "http", port: 8000 }], cluster_ip: "None" },
        publish_not_ready_addresses: false,
      });
    }
  });

  test("LOVE-C62: pods have the labels by which their Deployment finds them, and no other does", () => {
    const selectors = everyManager(view()).map(([, body]) => {
      const selector = at(body, "spec.selector.match_labels") as object;
      expect(at(body, "spec.template.metadata.labels")).toMatchObject(selector);
      return JSON.stringify(selector);
    });
    expect(new Set(selectors).size).toBe(selectors.length);
  });

  test("managers start once the database is set up", () => {
    for (const [, body] of everyManager(view()))
      expect((at(body, "depends_on") as string[]).some((one) => one.startsWith("kubernetes_job_v1."))).toBe(true);
  });

  test("what restarted them stays when Terraform changes something else", () => {
    for (const [, body] of everyManager(view()))
      expect(at(body, "lifecycle.ignore_changes")).toContain(
        'spec[0].template[0].metadata[0].annotations["kubectl.kubernetes.io/restartedAt"]',
      );
  });
});

test.each([
  ["summit", 10, 50, 80],
  ["tucson", 2, 25, 50],
])(
  "LOVE-C03, LOVE-C04: %s has %i to %i frontends, and another one above %i %% of what they ask for",
  (site, min, max, cpu) => {
    expect(at(autoscaler(managersOf(site)), "spec")).toMatchObject({
      min_replicas: min,
      max_replicas: max,
      metric: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", average_utilization: cpu } } },
      ],
    });
  },
);

test("LOVE-C52: the Summit's sets keep away from other pods' nodes where they can; Tucson's need not", () => {
  for (const [, body] of setsOfView(managersOf("summit")))
    expect(
      at(body, "spec.template.spec.affinity.pod_anti_affinity.preferred_during_scheduling_ignored_during_execution"),
    ).toEqual([
      {
        weight: 100,
        pod_affinity_term: {
          topology_key: "kubernetes.io/hostname",
          label_selector: [{ match_expressions: [{ key: "pod-template-hash", operator: "Exists" }] }],
        },
      },
    ]);
  for (const [, body] of setsOfView(managersOf("tucson")))
    expect(at(body, "spec.template.spec")).not.toHaveProperty("affinity");
});

test("frontends are spread over the nodes", () => {
  const pods = frontend(managersOf("tucson"));
  expect(at(pods, "spec.template.spec.topology_spread_constraint")).toEqual([
    {
      ...{ max_skew: 1, topology_key: "kubernetes.io/hostname", when_unsatisfiable: "ScheduleAnyway" },
      label_selector: [{ match_labels: at(pods, "spec.selector.match_labels") }],
    },
  ]);
});

test("LOVE-C53, LOVE-C54: the cycle's image, with the account of its registry", () => {
  const images = (site: string) =>
    new Set(everyManager(managersOf(site)).map(([, body]) => at(container(body), "image") as string));
  expect([...images("summit")]).toEqual(["ts-dockerhub.lsst.org/love-manager:c0044.007"]);
  expect([...images("tucson")]).toEqual(["ts-dockerhub.lsst.org/love-manager:c0044"]);
  for (const [, body] of everyManager(managersOf("summit")))
    expect(at(body, "spec.template.spec.image_pull_secrets")).toEqual([{ name: "pull-secret" }]);
  const images_ = { ...specOf("tucson").images, pullSecret: false };
  for (const [, body] of everyManager(managers("tucson", { images: images_ })))
    expect(at(body, "spec.template.spec")).not.toHaveProperty("image_pull_secrets");
});

test("whoever waits for the managers waits for frontends and every set", () => {
  managers("tucson", { profile: "tstn046" }, [], ({ ready }) => {
    expect(ready).toHaveLength(4);
  });
});
