/** Who reaches whom: the matrix of docs/acceptance/love.md, as Kubernetes reads the policies. */
import type { StackView } from "../../../synthesized/stack";
import { at } from "../support";
import { labelsOf, selects, VIEWS, workloads } from "./views";

interface Pod {
  /** What it is; of several alike the same. */
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Kinds of LOVE's pods by the names of their objects; the first that fits. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^love-manager-frontend$/, "frontend"],
  [/^love-manager-producer-/, "set"],
  [/^love-manager-redis$/, "redis"],
  [/^love-manager-redis-cleanup$/, "clean-up"],
  [/^love-manager-setup/, "setup"],
  [/^love-manager-database$/, "database"],
  [/^love-manager-view-backup$/, "view backup"],
  [/^love-nginx$/, "nginx"],
  [/^love-commander$/, "commander"],
  [/^love-producer-/, "producer"],
  [/^audio-broadcaster-/, "broadcaster"],
  [/^(rollouts|love-manager-frontend-|love-frontend-)/, "schedule"],
];

/** Rows 1–14 of love.md §1.2 that end inside the cluster, and ours: from whom, to whom, at which port of the pods. */
const WANTED: readonly (readonly [string, string, number])[] = [
  // 1–3: browsers, by the ingress. Ours: nginx has no privileges, so its pods listen above 1024.
  ["traefik", "nginx", 8080],
  ["producer", "nginx", 8080], // 4
  ["nginx", "frontend", 8000], // 5
  ["nginx", "set", 8000],
  ["frontend", "redis", 6379], // 6
  ["set", "redis", 6379],
  ["clean-up", "redis", 6379], // C57
  ["frontend", "database", 5432], // 7
  ["set", "database", 5432],
  // Ours: migrations are a Job's.
  ["setup", "database", 5432],
  ["view backup", "database", 5432], // 12
  ["frontend", "commander", 5000], // 8
  // Ours: frontends read LOVE's configuration inside the cluster and not through its public name (9).
  ["frontend", "nginx", 8080],
  ["commander", "schema-registry", 8081], // 10
  ["producer", "schema-registry", 8081],
  ["traefik", "broadcaster", 8888], // 13
  // Ours: what the browser asks the REST proxy goes through nginx.
  ["nginx", "rest-proxy", 8082],
];

const PORTS = [80, 5000, 5432, 6379, 8000, 8080, 8081, 8082, 8888, 9092];

function podsOf(love: StackView, efd: StackView): Pod[] {
  const all = workloads(love)
    .filter(({ namespace }) => namespace === "love")
    .map(({ name, namespace, pod }) => {
      const kind = KINDS.find(([pattern]) => pattern.test(name))?.[1];
      if (kind === undefined) throw new Error(`${name} is of no kind: say who reaches it, and whom it reaches`);
      return { kind, name, namespace, labels: labelsOf(pod) };
    });
  // Three of each kind: the first, the last and one between.
  const own = KINDS.flatMap(([, kind]) => {
    const alike = all.filter((one) => one.kind === kind);
    return alike.filter((_, i) => [0, Math.floor(alike.length / 2), alike.length - 1].includes(i));
  });
  const ofEfd = workloads(efd)
    .filter(({ name }) => name === "schema-registry" || name === "rest-proxy")
    .map(({ name, namespace, pod }) => ({ kind: name, name, namespace, labels: labelsOf(pod) }));
  const stranger = (kind: string, namespace: string, labels = {}) => ({ kind, name: kind, namespace, labels });
  return [
    ...own,
    ...ofEfd,
    stranger("traefik", "traefik", { "app.kubernetes.io/name": "traefik" }),
    stranger("stranger", "love"),
    // As LOVE's, but of another namespace.
    ...own
      .filter(({ kind }) => ["frontend", "nginx", "producer", "commander"].includes(kind))
      .map((one) => ({ ...one, kind: `foreign ${one.kind}`, namespace: "telegraf" })),
  ];
}

type Policy = { readonly namespace: string; readonly spec: unknown };

const policiesOf = (...views: StackView[]): Policy[] =>
  views.flatMap((view) =>
    view.resources("kubernetes_network_policy_v1").map(({ body }) => ({
      namespace: String(at(body, "metadata.namespace")),
      spec: body["spec"],
    })),
  );

const list = (value: unknown): unknown[] => (value === undefined ? [] : (value as unknown[]));

/** Whether a peer of a policy in this namespace is this pod. */
function isPeer(peer: unknown, namespace: string, pod: Pod): boolean {
  const ofNamespace = at(peer, "namespace_selector.match_labels");
  const isThere = ofNamespace
    ? selects(ofNamespace, { "kubernetes.io/metadata.name": pod.namespace })
    : pod.namespace === namespace;
  return isThere && selects(at(peer, "pod_selector.match_labels"), pod.labels);
}

/** Policies add up; a pod that none is for is open. */
function mayConnect(policies: readonly Policy[], from: Pod, to: Pod, port: number): boolean {
  const ofPod = policies.filter(
    ({ namespace, spec }) => namespace === to.namespace && selects(at(spec, "pod_selector.match_labels"), to.labels),
  );
  if (ofPod.length === 0) return true;
  return ofPod.some(({ namespace, spec }) =>
    list(at(spec, "ingress")).some((rule) => {
      const peers = at(rule, "from");
      const ports = list(at(rule, "ports"));
      return (
        (peers === undefined || list(peers).some((peer) => isPeer(peer, namespace, from))) &&
        (ports.length === 0 || ports.some((one) => Number(at(one, "port")) === port && at(one, "protocol") === "TCP"))
      );
    }),
  );
}

describe.each(Object.keys(VIEWS))("%s", (site) => {
  const [love, efd] = ["love", "efd"].map((layer) => VIEWS[site]?.(layer) as StackView) as [StackView, StackView];
  const policies = policiesOf(love, efd);
  const pods = podsOf(love, efd);
  const kinds = new Set(pods.map(({ kind }) => kind));
  const wanted = WANTED.filter(([from, to]) => kinds.has(from) && kinds.has(to));

  test("LOVE-C57: whoever needs a connection has it, and nobody else", () => {
    const has = new Set(wanted.map((row) => row.join()));
    const wrong = new Set<string>();
    for (const to of pods.filter(({ namespace }) => namespace === "love" || namespace === "kafka"))
      for (const from of pods.filter((one) => one !== to && (to.namespace === "love" || one.namespace === "love")))
        for (const port of PORTS) {
          const may = mayConnect(policies, from, to, port);
          if (may !== has.has([from.kind, to.kind, port].join()))
            wrong.add(`${from.kind} ${may ? "reaches" : "does not reach"} ${to.kind} at ${port}`);
        }
    expect([...wrong]).toEqual([]);
  });

  test("LOVE-C57: every row is of pods that are there", () => {
    expect(wanted.length).toBeGreaterThan(8);
    for (const kind of ["frontend", "set", "redis", "clean-up", "setup", "nginx", "commander", "producer", "schedule"])
      expect([...kinds]).toContain(kind);
  });

  test("LOVE-C57: of the EFD, brokers are closed to nobody by a policy of ours", () => {
    const ofKafka = policiesOf(efd).filter(({ namespace }) => namespace === "kafka");
    const brokers = { "strimzi.io/cluster": "efd", "strimzi.io/kind": "Kafka", "strimzi.io/name": "efd-kafka" };
    expect(ofKafka.filter(({ spec }) => selects(at(spec, "pod_selector.match_labels"), brokers))).toEqual([]);
  });

  test("LOVE-C57: nothing goes out that a policy would have to let: names, LDAP, mail, S3 and PostgreSQL outside", () => {
    for (const { spec } of policiesOf(love)) {
      expect(at(spec, "policy_types")).toEqual(["Ingress"]);
      expect(at(spec, "egress")).toBeUndefined();
    }
  });
});

test("every row is tried at one of them", () => {
  const there = Object.values(VIEWS).map(
    (layers) => new Set(podsOf(layers("love"), layers("efd")).map(({ kind }) => kind)),
  );
  for (const [from, to] of WANTED)
    expect([from, to, there.some((one) => one.has(from) && one.has(to))]).toEqual([from, to, true]);
});
