import { unescaped, type StackView } from "../../../synthesized/stack";
import { SITE_NAMES, stack } from "../../support/sites";
import { at, TABLE, upperLayers, valuesUnder } from "../support";

/** Programs that are restarted: `<namespace>/<name>` → Secrets. */
function restarted(site: string): Map<string, string[]> {
  const texts = stack(site, "efd")
    .resources("kubernetes_config_map_v1")
    .flatMap(({ body }) => (at(body, "data.targets") as string | undefined) ?? []);
  expect(texts).toHaveLength(1);
  const lines = unescaped(texts.join("")).trimEnd().split("\n");
  return new Map(
    lines.map((line) => {
      const [namespace = "", , name = "", secrets = ""] = line.split(" ");
      return [`${namespace}/${name}`, secrets.split(",")];
    }),
  );
}

/** Secrets that a pod of ours reads when it starts. */
function readBy(body: unknown): string[] {
  return valuesUnder(body, "secret_key_ref").map((one) => String(at(one, "name") ?? at(one, "0.name")));
}

const namespaced = (body: unknown) => `${String(at(body, "metadata.namespace"))}/${String(at(body, "metadata.name"))}`;
const unique = (names: string[]) => [...new Set(names)].sort();

/** What a chart is told of Secrets; those of cert-manager and external-secrets are asked for anew each time. */
function chartSecrets(view: StackView): { namespace: string; secrets: string[] }[] {
  return view.releases().flatMap(({ namespace, body, values }) => {
    if (String(body["chart"]).startsWith("./assets/")) return [];
    const secrets = [
      ...valuesUnder(values, "existingSecret"),
      ...valuesUnder(values, "envFromSecret"),
      ...valuesUnder(values, "secretKeyRef").map((one) => at(one, "name")),
    ].filter((name): name is string => typeof name === "string" && name !== "");
    return secrets.length > 0 ? [{ namespace, secrets: unique(secrets) }] : [];
  });
}

test.each(SITE_NAMES)("%s: every program of ours that reads a Secret when it starts is restarted for it", (site) => {
  const known = restarted(site);
  const programs = upperLayers(site).flatMap((view) =>
    ["kubernetes_deployment_v1", "kubernetes_daemon_set_v1", "kubernetes_stateful_set_v1"].flatMap((type) =>
      view.resources(type).flatMap(({ body }) => (readBy(body).length > 0 ? [body] : [])),
    ),
  );
  expect(programs.length).toBeGreaterThan(1);
  for (const body of programs)
    expect([namespaced(body), unique(known.get(namespaced(body)) ?? [])]).toEqual([
      namespaced(body),
      unique(readBy(body)),
    ]);
});

test.each(SITE_NAMES)("%s: every program of a chart that is told a Secret is restarted for it", (site) => {
  const charts = upperLayers(site).flatMap(chartSecrets);
  expect(charts.map(({ namespace }) => namespace)).toEqual(expect.arrayContaining(["kapacitor", "chronograf"]));
  const known = [...restarted(site)];
  for (const { namespace, secrets } of charts)
    expect([
      namespace,
      known.filter(([name]) => name.startsWith(`${namespace}/`)).flatMap(([, names]) => names),
    ]).toEqual([namespace, secrets]);
});

test.each(SITE_NAMES)("%s: every consumer is restarted for the topics that it asks for", (site) => {
  const [text = ""] = stack(site, "efd")
    .resources("kubernetes_config_map_v1")
    .flatMap(({ body }) => (at(body, "data.targets") as string | undefined) ?? []);
  const patterns = new Map(
    unescaped(text)
      .trimEnd()
      .split("\n")
      .map((line) => {
        const [, , name = "", , pattern = ""] = line.split(" ");
        return [name, pattern];
      }),
  );
  const configs = stack(site, "efd")
    .resources("kubernetes_config_map_v1")
    .filter(({ body }) =>
      String(at(body, "data.telegraf.conf") ?? Reflect.get(body["data"] as object, "telegraf.conf") ?? "").includes(
        "topic_regexps",
      ),
    );
  if (TABLE.includes(site)) expect(configs.length).toBeGreaterThan(0);
  for (const { body } of configs) {
    const toml = unescaped(String(Reflect.get(body["data"] as object, "telegraf.conf")));
    const [, list = ""] = /topic_regexps = (\[.*\])/.exec(toml) ?? [];
    expect(patterns.get(String(at(body, "metadata.name")))).toBe((JSON.parse(list) as string[]).join("|"));
  }
});
