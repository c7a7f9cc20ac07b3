import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { ReadyJob, type ReadyJobProps } from "../../../constructs/kubernetes/ready-job";
import { addressOf, at, before, built, only } from "../support";

const view = (props: Partial<ReadyJobProps> = {}) =>
  built((stack) => {
    const namespace = new NamespaceV1(stack, "namespace", { metadata: { name: "kafka" } });
    new ReadyJob(stack, "ready", {
      name: "kafka-cluster",
      namespace: "kafka",
      awaited: { group: "kafka.strimzi.io", kinds: ["kafkas"], timeout: 1800 },
      selector: "efd-release=kafka-cluster",
      revision: "one",
      dependsOn: [namespace],
      ...props,
    });
  });

const job = (props: Partial<ReadyJobProps> = {}) => only(view(props), "kubernetes_job_v1");
const pod = () => at(job(), "spec.template.spec");

test("kubectl waits for the condition Ready of what carries the label", () => {
  expect(at(pod(), "container.0.args")).toEqual([
    "wait",
    "--for=condition=Ready",
    "--timeout=1800s",
    "--all-namespaces",
    "--selector=efd-release=kafka-cluster",
    "kafkas.kafka.strimzi.io",
  ]);
});

test("several kinds are waited for at once", () => {
  const awaited = { group: "kafka.strimzi.io", kinds: ["kafkausers", "kafkatopics"], timeout: 60 };
  expect(at(job({ awaited }), "spec.template.spec.container.0.args.5")).toBe(
    "kafkausers.kafka.strimzi.io,kafkatopics.kafka.strimzi.io",
  );
  expect(at(only(view({ awaited }), "kubernetes_cluster_role_v1"), "rule.0.resources")).toEqual(awaited.kinds);
});

test("another revision is another Job: a Job cannot be changed", () => {
  const name = (revision: string) => at(job({ revision }), "metadata.name");
  expect(name("one")).toMatch(/^ready-kafka-cluster-[0-9a-f]{8}$/);
  expect(name("one")).toBe(name("one"));
  expect(name("one")).not.toBe(name("two"));
});

test("Terraform waits longer than the Job, the Job longer than kubectl", () => {
  const seconds = (text: unknown) => Number(/^(\d+)s$/.exec(String(text))?.[1]);
  const deadline = Number(at(job(), "spec.active_deadline_seconds"));
  expect(job()["wait_for_completion"]).toBe(true);
  expect(deadline).toBeGreaterThan(1800);
  for (const verb of ["create", "update"]) expect(seconds(at(job(), `timeouts.${verb}`))).toBeGreaterThan(deadline);
});

test("may look at these kinds and nothing else", () => {
  expect(at(only(view(), "kubernetes_cluster_role_v1"), "rule")).toEqual([
    { api_groups: ["kafka.strimzi.io"], resources: ["kafkas"], verbs: ["get", "list", "watch"] },
  ]);
});

test("has its rights before it starts, and what it waits for", () => {
  const one = view();
  const [address = ""] = one.resources("kubernetes_job_v1").map((each) => each.address);
  expect([...before(one, address)]).toEqual(
    expect.arrayContaining([
      "kubernetes_namespace_v1.namespace",
      addressOf(one, "kubernetes_service_account_v1", "ready-kafka-cluster"),
      addressOf(one, "kubernetes_cluster_role_v1", "kafka-ready-kafka-cluster"),
      addressOf(one, "kubernetes_cluster_role_binding_v1", "kafka-ready-kafka-cluster"),
    ]),
  );
});

test("cluster-wide names carry the namespace: two namespaces may have a release of one name", () => {
  const both = built((stack) => {
    for (const namespace of ["one", "two"])
      new ReadyJob(stack, namespace, {
        name: "same",
        namespace,
        awaited: { group: "example.org", kinds: ["things"], timeout: 60 },
        selector: "a=b",
        revision: "",
        dependsOn: [],
      });
  });
  for (const type of ["kubernetes_cluster_role_v1", "kubernetes_cluster_role_binding_v1"])
    expect(new Set(both.resources(type).map(({ body }) => at(body, "metadata.name"))).size).toBe(2);
});

test("runs without privileges", () => {
  expect(pod()).toMatchObject({
    restart_policy: "Never",
    enable_service_links: false,
    security_context: { run_as_non_root: true, seccomp_profile: { type: "RuntimeDefault" } },
    container: [{ security_context: { allow_privilege_escalation: false, capabilities: { drop: ["ALL"] } } }],
  });
  expect(at(only(view(), "kubernetes_service_account_v1"), "automount_service_account_token")).toBe(false);
});
