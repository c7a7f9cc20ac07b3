/** What an upgrade brings, and in which order. */
import { inside, type ObjectJson } from "../../../synthesized/stack";
import { readYaml } from "../../../synthesized/yaml";
import { toYaml } from "../../../synthesized/yaml";
import { CHARTS } from "../../../ground/versions";
import { Watched } from "../site/revisions";
import { expect, type TestSite } from "../site/test-site";

const KAFKAS = "kafkas.kafka.strimzi.io";
const CRD = { path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", name: KAFKAS };
/** This CRD alone: all of them are many megabytes. */
const WATCHED_CRD = `${CRD.path}?fieldSelector=metadata.name=${CRD.name}`;
const OPERATOR = { path: "/apis/apps/v1/namespaces/strimzi/deployments", name: "strimzi-cluster-operator" };
/** What the later CRD has and the earlier one has not. */
const NEW_NAME = "laterkafka";

/** A later operator with a later CRD: the CRD is there before the operator, and said in the plan. */
export async function chartBump(testSite: TestSite): Promise<string> {
  expect(!(await shortNames(testSite)).includes(NEW_NAME), "the later CRD was there to begin with");
  const before = { crd: await live(testSite, CRD), operator: await live(testSite, OPERATOR) };
  const { chart, version } = CHARTS.strimzi;
  const later = version.replace(/\d+$/, (patch) => String(Number(patch) + 1));
  await testSite.charts.repack(`${chart}-${version}.tgz`, `${chart}-${later}.tgz`, (text, path) => {
    if (path.endsWith("Chart.yaml")) return text.replace(/^version: .*$/m, `version: ${later}`);
    if (/^kind: Deployment$/m.test(text)) return text.replace(/^spec:$/m, "spec:\n  revisionHistoryLimit: 9");
    return path.includes("/crds/") && text.includes(`name: ${KAFKAS}`) ? withNewName(text) : text;
  });
  const entry = CHARTS.strimzi as { version: string };
  entry.version = later;
  try {
    const { printed, crd, operator } = await Watched.during(
      testSite,
      [WATCHED_CRD, OPERATOR.path],
      async (watched) => ({
        printed: (await testSite.change((one) => one, "platform")).printed,
        crd: await watched.happened({ type: "MODIFIED", name: CRD.name, before: before.crd }),
        operator: await watched.happened({ type: "MODIFIED", name: OPERATOR.name, before: before.operator }),
      }),
    );
    expect(printed.includes(`changed CRD ${KAFKAS}`), `the plan does not name it:\n${printed}`);
    expect((await shortNames(testSite)).includes(NEW_NAME), "the new CRD did not arrive");
    expect(crd < operator, `the CRD came at ${crd}, after the operator at ${operator}`);
    await testSite.isSettled("platform");
    return `the CRD came ${operator - crd} revisions before the operator`;
  } finally {
    // The next deployment of the platform goes back.
    entry.version = version;
  }
}

function withNewName(crd: string): string {
  const object = readYaml(crd) as { spec: { names: { shortNames?: string[] } } };
  const { names } = object.spec;
  names.shortNames = [...(names.shortNames ?? []), NEW_NAME];
  return toYaml(object);
}

async function live(testSite: TestSite, { path, name }: typeof CRD): Promise<ObjectJson> {
  return (await testSite.api.get(`${path}/${name}`)) as ObjectJson;
}

async function shortNames(testSite: TestSite): Promise<string[]> {
  const names = inside((await live(testSite, CRD)).spec, "names") as { shortNames?: string[] };
  return names.shortNames ?? [];
}

/** Kafka's version first, its metadata after; each time brokers are waited for before what reads from them. */
export async function kafkaUpgrade(testSite: TestSite): Promise<string> {
  const steps: string[] = [];
  for (const [version, metadataVersion] of [
    ["4.3.0", "4.2-IV1"],
    ["4.3.0", "4.3-IV0"],
  ] as const) {
    const { done } = await testSite.change(
      (one) => ({ ...one, kafka: { ...one.kafka, version, metadataVersion } }),
      "efd",
    );
    const position = (pattern: RegExp) => done.findLastIndex((address) => pattern.test(address));
    const cluster = position(/kafka_kafka-cluster$/);
    const ready = position(/job_v1\.kafka_cluster_ready/);
    const reader = done.findIndex((address) => address.startsWith("kubernetes_deployment_v1.telegraf"));
    expect(cluster >= 0 && ready > cluster, `the brokers were not waited for: ${done.join(", ")}`);
    expect(reader < 0 || reader > ready, `a consumer changed before the brokers were ready: ${done.join(", ")}`);
    expect(position(/persistent_volume_claim|namespace/) < 0, `more than Kafka changed: ${done.join(", ")}`);
    steps.push(`${version}/${metadataVersion}: ${done.length} changes`);
  }
  return steps.join("; ");
}
