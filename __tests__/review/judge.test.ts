/** Rules judge what stands there, secrets included, and show none of it; what they cannot read they say. */
import { object } from "../../e2e/corpus/edit";
import { review } from "../../review/build";
import type { Finding, Review } from "../../review/model/model";
import { Secret } from "../../review/model/tree";
import { withoutSecrets } from "../../review/read/secret-texts";
import type { Resource } from "../../review/read/resources";
import { compareStacks } from "../../review/read/revisions";
import { renderHtml } from "../../review/render/html/page";
import { renderMarkdown } from "../../review/render/markdown";
import { renderTerminal } from "../../review/render/terminal";
import { takesAll, topicsOf } from "../../review/rules/loads";
import { stack } from "../support/sites";

/** The parts of a stack that are changed here. */
interface Editable {
  readonly resource: {
    readonly kubernetes_config_map_v1: Record<string, { metadata: { name: string }; data: Record<string, string> }>;
    readonly docker_container: Record<string, { upload: { file: string; content: string }[] }>;
  };
}

const SUMMIT = JSON.stringify(stack("summit", "efd").json);
const summit = () => JSON.parse(SUMMIT) as Editable;

function compared(base: object, head: object, layer = "efd"): Review {
  return review({
    site: "summit",
    title: "operations",
    comparison: { kind: "base", base: "main" },
    allowDestroys: [],
    layers: [{ layer, stack: `summit-${layer}`, plan: compareStacks(base, head) }],
  });
}

const said = ({ findings }: Review): [Finding["risk"], string][] => findings.map(({ risk, what }) => [risk, what]);

/** The config map of a consumer. */
function configurationOf({ resource }: Editable, consumer: string): Record<string, string> {
  const maps = Object.values(resource.kubernetes_config_map_v1);
  return maps.find(({ metadata }) => metadata.name === `telegraf-${consumer}`)?.data ?? {};
}

/** Changes every configuration of a consumer that has this text. */
function reconfigured(json: Editable, consumer: string, from: string | RegExp, to: string): Editable {
  const data = configurationOf(json, consumer);
  for (const key of Object.keys(data)) data[key] = data[key]?.replace(from, to) ?? "";
  return json;
}

const withoutAtptg = (json: Editable) => reconfigured(json, "auxtel", /"\^lsst[^"]*ATPtg[^"]*", /g, "");

describe("a topic that leaves a consumer", () => {
  const LOST = ["interrupts", "nobody writes lsst.sal.ATPtg.* into efd any more, as the consumer telegraf-auxtel did"];

  test("is seen in a comparison, whose texts refer to a password", () => {
    expect(said(compared(summit(), withoutAtptg(summit())))).toContainEqual(LOST);
  });

  test.each([
    ["a password in plain text", /sasl_password = "[^"]*"/g, 'sasl_password = "canary-hunter2"'],
    ["a token without quotes", /\[agent\]/g, "token = 7777777\n[agent]"],
    ["a private key", /\[agent\]/g, "# -----BEGIN RSA PRIVATE KEY----- canary\n[agent]"],
    ["an address with a login", /brokers = \[ "/g, 'brokers = [ "https://me:canarypass@host:1", "'],
  ])("is seen beside %s, which is not shown", (_name, from, to) => {
    const changed = () => reconfigured(summit(), "auxtel", from, to);
    const found = compared(changed(), withoutAtptg(changed()));
    expect(said(found)).toContainEqual(LOST);
    const plain = (text: string): string => text;
    const paint = { bold: plain, dim: plain, red: plain, yellow: plain, green: plain };
    const shown = [JSON.stringify(found), renderTerminal(found, paint), renderMarkdown(found), renderHtml(found, "")];
    expect(shown.filter((text) => /canary|7777777/.test(text))).toEqual([]);
  });

  test("and that another consumer has by a wider pattern is not lost", () => {
    const head = reconfigured(
      withoutAtptg(summit()),
      "test",
      /\^lsst\\\\\.sal\\\\\.Test\\\\\.\.\*\$/g,
      "^lsst\\\\.sal\\\\..*$",
    );
    expect(said(compared(summit(), head)).filter(([, what]) => what.startsWith("nobody writes"))).toEqual([]);
  });
});

test("a configuration that cannot be read is judged as the worst, and quotes nothing of itself", () => {
  const found = compared(summit(), reconfigured(summit(), "auxtel", /\[agent\]/g, "canary = = 1\n[agent]"));
  const unread = found.findings.filter(({ what }) => what.includes("could not be judged"));
  expect(unread.map(({ risk, rule, what }) => ({ risk, rule, what }))).toEqual([
    {
      risk: "loses data",
      rule: "points",
      what: expect.stringMatching(
        /^config map telegraf\/telegraf-auxtel could not be judged: its configuration is no TOML/,
      ),
    },
  ]);
  expect(JSON.stringify(unread)).not.toContain("canary");
});

test.each([
  ["a time field", /avro_timestamp = "\w+"/g, 'avro_timestamp = "private_rcvStamp"', "loses data"],
  ["a unit of time", /avro_timestamp_format = "\w+"/g, 'avro_timestamp_format = "unix_ms"', "loses data"],
  ["a rounding", /precision = "\w+"/g, 'precision = "1s"', "loses data"],
  ["a mode of unions", /avro_union_mode = "\w+"/g, 'avro_union_mode = "any"', "interrupts"],
  ["a separator", /avro_field_separator = ""/g, 'avro_field_separator = "."', "interrupts"],
  ["a new tag", /avro_format = /g, 'avro_tags = [ "salIndex" ]\navro_format = ', "interrupts"],
  ["a list of fields", /avro_format = /g, 'avro_fields = [ "a" ]\navro_format = ', "loses data"],
  ["an unknown setting of Avro", /avro_format = /g, "avro_other = 1\navro_format = ", "loses data"],
  ["a filter", /namedrop = \[ "telegraf_\*" \]/g, 'namedrop = [ "telegraf_*", "lsst.sal.ATDome.*" ]', "loses data"],
  ["codes that drop points", /non_retryable_statuscodes = \[ /g, "non_retryable_statuscodes = [ 401, ", "loses data"],
] as const)("%s of a consumer changes what its points are", (_name, from, to, risk) => {
  const { findings } = compared(summit(), reconfigured(summit(), "auxtel", from, to));
  expect(findings.filter(({ rule }) => rule === "points").map((one) => one.risk)).toEqual([risk]);
});

test.each([
  ["size of batches", /metric_batch_size = \d+/g, "metric_batch_size = 17"],
  ["limit of memory", /max_undelivered_messages = \d+/g, "max_undelivered_messages = 17"],
  ["order of keys", /avro_format = "binary"\n/g, 'avro_format = "binary"\n\n'],
])("another %s changes no point", (_name, from, to) => {
  const { findings } = compared(summit(), reconfigured(summit(), "auxtel", from, to));
  expect(findings.filter(({ rule }) => rule === "points" || rule === "consumer-topics")).toEqual([]);
});

test("consumers that change for one cause are one finding, which names every resource", () => {
  const head = JSON.parse(SUMMIT.replaceAll(/"image":"([^"]*telegraf:)[^"]*"/g, '"image":"$11.99.0"')) as Editable;
  const { findings, layers } = compared(summit(), head);
  const restarts = findings.filter(({ what }) => /^the consumer .* restarts/.test(what));
  const changed = layers.flatMap(({ changes }) => changes).filter(({ risk }) => risk === "restarts");
  expect(restarts).toHaveLength(1);
  expect(new Set([restarts[0]?.address, ...(restarts[0]?.more ?? []).map(({ address }) => address)])).toEqual(
    new Set(changed.map(({ address }) => address)),
  );
});

test("a topic whose consumer takes a part of it only names what is still taken", () => {
  const head = reconfigured(summit(), "ocps", /(?<=OCPS[\\.]+)(?=\.\*\$)/, "logevent_");
  expect(said(compared(summit(), head))).toContainEqual([
    "interrupts",
    "nobody writes lsst.sal.OCPS.* into efd any more, as the consumer telegraf-ocps did, but for lsst.sal.OCPS.logevent_*",
  ]);
});

test("a repair is said, with its group and what it reads", () => {
  const json = summit();
  const data = configurationOf(json, "ocps");
  for (const key of Object.keys(data)) {
    const [input = ""] = /\[\[inputs\.kafka_consumer\]\][^[]*(\[[^[\]]*\][^[]*)*?(?=\[\[)/.exec(data[key] ?? "") ?? [];
    const group = "telegraf-kafka-consumer-ocps";
    data[key] = data[key]?.replace(input, `${input}${input.replace(group, `${group}-repairer-1`)}`) ?? "";
  }
  expect(said(compared(summit(), json))).toContainEqual([
    "restarts",
    "the consumer telegraf-ocps reads lsst.sal.OCPS.* once more, as the group telegraf-kafka-consumer-ocps-repairer-1",
  ]);
});

test.each([
  [{ "message.max.bytes": 1048576 }, "interrupts", "takes messages of at most 1048576 bytes instead of 10485760"],
  [{ "message.max.bytes": 20971520 }, "restarts", "changes "],
  [
    { "log.retention.bytes": 1e9 },
    "loses data",
    "keeps 1000000000 bytes of a partition instead of any number of bytes",
  ],
])("other settings of Kafka, %o, are said as they are", (settings, risk, words) => {
  const head = summit();
  object("kafka_kafka-cluster", "Kafka", (kafka) => void Object.assign(kafka.spec.kafka.config, settings))(head);
  const found = said(compared(summit(), head)).filter(([, what]) => what.includes(words));
  expect(found.map(([one]) => one)).toEqual([risk]);
});

test("a broker's larger or smaller disk says nothing of restarts", () => {
  for (const size of ["100Gi", "900Gi"]) {
    const head = summit();
    object("kafka_kafka-pools", "KafkaNodePool", (pool) => (pool.spec.storage.volumes[0].size = size), /broker/)(head);
    const { findings } = compared(summit(), head);
    expect(findings.map(({ risk, rule }) => [risk, rule])).toEqual([["interrupts", "kafka-disk"]]);
  }
});

test("another network of pods is said, and k3s's own written out is not", () => {
  const cluster = stack("summit", "cluster").json;
  const server = (cidr: string): Editable => {
    const json = structuredClone(cluster) as unknown as Editable;
    const [node] = Object.values(json.resource.docker_container);
    for (const one of node?.upload ?? [])
      if (one.file.endsWith("k3s/config.yaml")) one.content = one.content.replace(/^cluster-cidr: .*\n/m, "") + cidr;
    return json;
  };
  const networks = (from: string, to: string) =>
    said(compared(server(from), server(to), "cluster")).filter(([, what]) => what.includes("network of pods"));
  expect(networks("", "cluster-cidr: 10.42.0.0/16\n")).toEqual([]);
  expect(networks("", "cluster-cidr: 10.99.0.0/16\n")).toEqual([
    ["interrupts", "the network of pods is 10.99.0.0/16 instead of 10.42.0.0/16 on master"],
  ]);
});

test("topics in words, and which pattern takes all of another", () => {
  expect(topicsOf("^lsst\\.sal\\.ESS\\..*$")).toBe("lsst.sal.ESS.*");
  expect(topicsOf("^(a|b)$")).toBe("^(a|b)$");
  expect([
    takesAll("lsst.sal.*", "lsst.sal.ESS.*"),
    takesAll("lsst.sal.ESS.*", "lsst.sal.*"),
    takesAll("*.ESS.*", "lsst.sal.ESS.airFlow"),
    takesAll("^(a|b)$", "a"),
  ]).toEqual([true, false, true, false]);
});

test("what a rule read behind a mark is taken out of its words", () => {
  const resource = {
    action: "update",
    before: {
      spec: { data: new Secret({ key: "canary-value" }) },
      file: new Secret("a = 1\npassword = other-canary\n", { text: "a = 1\npassword = (secret)\n" }),
    },
  } as unknown as Resource;
  const hide = withoutSecrets([resource]);
  expect(hide("it is canary-value instead of other-canary at https://me:pass@host")).not.toMatch(/canary|:pass@/);
  expect(hide("nothing of that")).toBe("nothing of that");
});
