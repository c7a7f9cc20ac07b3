import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appOf, synthesize } from "../../cli/shared/site/synthesis";
import { releaseValues, type StackView, unescaped } from "../../synthesized/stack";
import { SITES } from "../../environments";
import { parseEnvironment } from "../../environments/parse";
import { conformanceFaults } from "../support/conformance";
import { identitiesOf, statefulAddresses } from "../../tools/identities";
import { readableStack } from "../support/readable";
import { catalogueSchemas, hasSchemas } from "../support/schemas";
import { literalSecrets } from "../support/secrets";
import { sixthSite } from "../support/sixth-site";
import { addressOf, at, before, customResource, references, texts, valuesUnder } from "./support";

const environment = parseEnvironment(sixthSite);
const folder = mkdtempSync(join(tmpdir(), "efd-sixth-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// With all validations: the house rules hold for every stack.
const stacks = synthesize([environment], join(folder, "out"));
const layer = (name: string): StackView => {
  const found = stacks.find((one) => one.layer === name);
  if (!found) throw new Error(`no layer ${name}`);
  return found;
};
const [cluster, platform, efd] = [layer("cluster"), layer("platform"), layer("efd")];

describe("one file of data is a site", () => {
  test("it is in no list, and has its three layers in order", () => {
    expect(SITES.map(({ name }) => name)).not.toContain("sixth");
    expect(stacks.map(({ name }) => name)).toEqual(["sixth-cluster", "sixth-platform", "sixth-efd"]);
    expect(efd.dependencies).toContain("sixth-platform");
    expect(platform.dependencies).toEqual(["sixth-cluster"]);
  });

  test.each(stacks.map((stack) => [stack.name, stack] as const))(
    "%s: what every site's stack is held to",
    (_name, stack) => {
      expect(literalSecrets(stack)).toEqual([]);
      expect(texts(stack.json).filter((text) => /:latest\b|-----BEGIN/.test(text))).toEqual([]);
      expect(Buffer.byteLength(readableStack(stack))).toBeLessThan(160 * 1024);
      const graph = references(stack);
      for (const address of graph.keys())
        expect([address, before(stack, address).has(address)]).toEqual([address, false]);
    },
  );

  (hasSchemas() ? test : test.skip)("the providers take what is synthesized", () => {
    const { schemas } = catalogueSchemas();
    expect(stacks.flatMap((stack) => conformanceFaults(stack.json, schemas))).toEqual([]);
  });

  test("its identities are such as every site's: fixed addresses, protected", () => {
    const marked = statefulAddresses(appOf([environment], join(folder, "app")));
    expect([...marked].filter((address) => /_[0-9A-F]{8}$/.test(address))).toEqual([]);
    const identities = identitiesOf(stacks, marked);
    expect(identities.pools).toEqual([
      expect.stringMatching(/^kafka\/broker of efd: ids \[20,21,22\], .*0=50Gi kafka-local-path/),
      expect.stringMatching(/^kafka\/controller of efd: ids \[10,11,12\], .*local-path/),
    ]);
    // A node each on three machines, and a class more than the site's own.
    for (const volume of ["master-k3s", "kube-0-k3s", "kube-1-k3s"])
      expect(identities.stateful).toContain(`cluster: docker_volume.${volume} (${volume})`);
    expect(identities.stateful).toEqual(
      expect.arrayContaining([expect.stringContaining("local_path_kafka-local-path")]),
    );
    for (const stack of stacks)
      for (const { address, body } of stack.resources())
        expect([address, at(body, "lifecycle.prevent_destroy") === true]).toEqual([
          address,
          marked.has(`${stack.name}: ${address}`),
        ]);
  });

  test("EFD-56: each layer has a state of its own", () => {
    expect(stacks.map(({ json }) => at(json.terraform, "backend"))).toEqual(
      stacks.map(({ name }) => ({ pg: { schema_name: name } })),
    );
  });
});

describe("agents on other machines", () => {
  const container = (name: string) => cluster.resource(`docker_container.${name}`);

  test("EFD-11: each is on its machine's network, and joins the server by its address", () => {
    const providers = cluster.json.provider?.["docker"] as { alias: string; host: string }[];
    expect(Object.fromEntries(providers.map(({ alias, host }) => [alias, host]))).toEqual({
      master: "ssh://192.0.2.10",
      "kube-0": "ssh://192.0.2.11",
      "kube-1": "ssh://192.0.2.12",
    });
    for (const name of ["kube-0", "kube-1"]) {
      expect(container(name)).toMatchObject({ network_mode: "host", provider: `docker.${name}` });
      expect(container(name)["env"]).toContain("K3S_URL=https://192.0.2.10:6443");
      const [{ content }] = container(name)["upload"] as [{ content: string }];
      expect(content).toContain("kafka=ok");
    }
  });
});

describe("EFD-29: brokers have a class and nodes of their own", () => {
  const pool = (role: string) => customResource(efd, "KafkaNodePool", role);

  test("the brokers' pool names class and nodes, the controllers' neither", () => {
    expect(at(pool("broker").spec, "storage.volumes.0.class")).toBe("kafka-local-path");
    expect(
      at(pool("broker").spec, "template.pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"),
    ).toEqual({ nodeSelectorTerms: [{ matchExpressions: [{ key: "kafka", operator: "In", values: ["ok"] }] }] });
    expect(at(pool("controller").spec, "storage.volumes.0.class")).toBe("local-path");
    expect(at(pool("controller").spec, "template.pod.affinity")).not.toHaveProperty("nodeAffinity");
    for (const { body } of efd.resources("kubernetes_persistent_volume_claim_v1"))
      expect(at(body, "spec.storage_class_name")).toBe("local-path");
  });

  test("the platform makes both classes, and keeps their volumes", () => {
    const classes = platform.resources("kubernetes_storage_class_v1").map(({ body }) => body);
    expect(classes.map((one) => at(one, "metadata.name"))).toEqual(["local-path", "kafka-local-path"]);
    for (const one of classes)
      expect(one).toMatchObject({
        storage_provisioner: "rancher.io/local-path",
        reclaim_policy: "Retain",
        volume_binding_mode: "WaitForFirstConsumer",
        parameters: { pathPattern: "{{ .PVC.Namespace }}/{{ .PVC.Name }}/" },
      });
  });

  test("every node sees the class's folder where the provisioner looks for it", () => {
    const config = platform.resource(addressOf(platform, "kubernetes_config_map_v1", "local-path-config"));
    const text = unescaped((config["data"] as Record<string, string>)["config.json"] ?? "");
    // The provisioner takes one map for all, or one for each class; in the second form a class without one gets nothing.
    const json = JSON.parse(text) as { storageClassConfigs: Record<string, { nodePathMap: { paths: string[] }[] }> };
    expect(json).not.toHaveProperty("nodePathMap");
    const paths = Object.fromEntries(
      Object.entries(json.storageClassConfigs).map(([name, { nodePathMap }]) => [name, nodePathMap[0]?.paths]),
    );
    expect(paths).toEqual({
      "local-path": ["/opt/local-path-provisioner"],
      "kafka-local-path": ["/opt/storage-classes/kafka-local-path"],
    });
    for (const { body } of cluster.resources("docker_container"))
      expect((body["volumes"] as { host_path?: string }[]).filter(({ host_path }) => host_path)).toEqual([
        { host_path: "/data", container_path: "/opt/local-path-provisioner" },
        { host_path: "/kafka", container_path: "/opt/storage-classes/kafka-local-path" },
      ]);
  });
});

describe("Telegraf and Connect side by side", () => {
  test("EFD-63: their topics are disjoint, and each has rights and databases", () => {
    const [config] = efd.telegrafConfigurations();
    const patterns = [...(config?.text ?? "").matchAll(/"(\^lsst[^"]*)"/g)].map(
      ([, pattern = ""]) => new RegExp(pattern.replaceAll("\\\\", "\\")),
    );
    expect(patterns).toHaveLength(2);
    const sink = at(customResource(efd, "KafkaConnector", "influxdb-mtm2").spec, "config");
    const topics = String((sink as Record<string, unknown>)["topics"]).split(",");
    expect(topics).toEqual(["lsst.sal.MTM2.forceBalance", "lsst.sal.MTM2.logevent_heartbeat"]);
    for (const topic of topics) expect(patterns.filter((pattern) => pattern.test(topic))).toEqual([]);
    expect(efd.customResources("KafkaUser").map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(["telegraf", "connect"]),
    );
    const setup = efd.resource(addressOf(efd, "kubernetes_config_map_v1", "influxdb-setup"));
    const script = unescaped((setup["data"] as Record<string, string>)["setup.sh"] ?? "");
    for (const account of ["telegraf", "connect"])
      expect(script).toContain(`run 'GRANT WRITE ON "efd" TO "${account}"'`);
  });

  test("a topic that moves is let go by Connect before Telegraf takes it", () => {
    const [consumer] = efd
      .resources("kubernetes_deployment_v1")
      .filter(({ body }) => at(body, "metadata.namespace") === "telegraf");
    expect([...before(efd, consumer?.address ?? "")]).toContain(addressOf(efd, "helm_release", "kafka-connectors"));
  });

  test("the image is the site's own, so that nobody is asked for it", () => {
    expect(customResource(efd, "KafkaConnect", "efd").spec?.["image"]).toBe("registry.example.org/kafka-connect:1.0.0");
    expect(Object.keys(efd.json.variable ?? {})).toEqual([]);
    expect(Object.keys(platform.json.variable ?? {}).sort()).toEqual(["tls_chain", "tls_key"]);
  });

  test("EFD-33: NodePorts are the site's", () => {
    const listener = at(customResource(efd, "Kafka", "efd").spec, "kafka.listeners.2.configuration");
    expect(valuesUnder(listener, "nodePort")).toEqual([31089, 31190, 31191, 31192]);
    expect(releaseValues(efd.resource(addressOf(efd, "helm_release", "kafka-cluster")))).toHaveProperty("resources");
  });
});
