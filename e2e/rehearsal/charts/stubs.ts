/**
 * Charts that stand in where the real ones is not available: the pods and Services of the real charts with their names,
 * and CRDs.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readYaml, toYaml } from "../../../synthesized/yaml";
import { UserError } from "../../../ground/errors";
import type { Context } from "../../../cli/shared/terminal/context";
import { isObject, isOwnChart, type Json, type StackView } from "../../../synthesized/stack";
import { crdsOf } from "./crds";

/** An object of a chart, as `helm template x CHART -n y` would name it. */
interface StubObject {
  readonly kind: "Deployment" | "StatefulSet" | "Service" | "Secret";
  /** `x` stands for the release. */
  readonly name: string;
  /** Of a Service: `NAME:PORT:TARGETPORT/PROTOCOL`, comma-separated. */
  readonly ports?: string;
  /** Of a Service. @default ClusterIP */
  readonly type?: "ClusterIP" | "LoadBalancer";
}

const deployment = (name: string): StubObject => ({ kind: "Deployment", name });
const service = (name: string, ports: string, type?: "LoadBalancer"): StubObject => ({
  kind: "Service",
  name,
  ports,
  ...(type ? { type } : {}),
});

/** What each chart makes that something else names or waits for, with our values. */
export const STUBS: Readonly<Record<string, readonly StubObject[]>> = {
  "strimzi-kafka-operator": [deployment("strimzi-cluster-operator")],
  "cert-manager": [
    deployment("x-cert-manager"),
    deployment("x-cert-manager-cainjector"),
    deployment("x-cert-manager-webhook"),
    service("x-cert-manager", "http-metrics:9402:9402/TCP"),
    service("x-cert-manager-cainjector", "http-metrics:9402:9402/TCP"),
    service("x-cert-manager-webhook", "https:443:https/TCP,metrics:9402:http-metrics/TCP"),
  ],
  "external-secrets": [
    deployment("x-external-secrets"),
    deployment("x-external-secrets-cert-controller"),
    deployment("x-external-secrets-webhook"),
    { kind: "Secret", name: "x-external-secrets-webhook" },
    service("x-external-secrets-webhook", "webhook:443:webhook/TCP"),
  ],
  "external-dns": [deployment("x-external-dns"), service("x-external-dns", "http:7979:http/TCP")],
  traefik: [
    deployment("x-traefik"),
    service("x-traefik", "web:80:web/TCP,websecure:443:websecure/TCP", "LoadBalancer"),
  ],
  influxdb: [{ kind: "StatefulSet", name: "x-influxdb" }, service("x-influxdb", "api:8086:api/TCP,rpc:8088:rpc/TCP")],
  chronograf: [deployment("x-chronograf"), service("x-chronograf", ":80:8888/TCP")],
  kapacitor: [deployment("x-kapacitor"), service("x-kapacitor", "api:9092:9092/TCP")],
  "kafka-ui": [deployment("x-kafka-ui"), service("x-kafka-ui", "http:80:http/TCP")],
  "oauth2-proxy": [
    deployment("x-oauth2-proxy"),
    { kind: "Secret", name: "x-oauth2-proxy" },
    service("x-oauth2-proxy", "http:80:http/TCP,metrics:44180:metrics/TCP"),
  ],
};

/** Charts that repeat their name where a release's name holds it already. */
const ALWAYS_BOTH = ["chronograf", "kapacitor"];

/** How the templates call a release: as the real charts do. */
function fullName(chart: string): string {
  const both = `{{ .Release.Name }}-${chart}`;
  return ALWAYS_BOTH.includes(chart)
    ? both
    : `{{ if contains "${chart}" .Release.Name }}{{ .Release.Name }}{{ else }}${both}{{ end }}`;
}

/** Name of an object in a template. */
function nameOf(chart: string, name: string): string {
  return name.startsWith(`x-${chart}`) ? `${fullName(chart)}${name.slice(`x-${chart}`.length)}` : name;
}

const POD = `    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: stub
          image: simulated/stub:none
          resources: {{ .Values.resources | default dict | toJson }}
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
          {{- with (.Values.persistence | default dict).existingClaim }}
          volumeMounts: [{name: claim, mountPath: /claim}]
          {{- end }}
          {{- with .Values.mountPoints }}
          volumeMounts: {{ toJson . }}
          {{- end }}
      {{- with (.Values.persistence | default dict).existingClaim }}
      volumes: [{name: claim, persistentVolumeClaim: {claimName: {{ . }}}}]
      {{- end }}
      {{- with .Values.volumes }}
      volumes: {{ toJson . }}
      {{- end }}
`;

function template(chart: string, { kind, name, ports = "", type = "ClusterIP" }: StubObject): string {
  const called = nameOf(chart, name);
  const labels = `{app: "${called}"}`;
  const head = (apiVersion: string) =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: "${called}", namespace: {{ .Release.Namespace }}}\n`;
  switch (kind) {
    case "Secret":
      return head("v1");
    case "Service":
      return `${head("v1")}spec:\n  type: ${type}\n  selector: ${labels}\n  ports: ${JSON.stringify(ports.split(",").map(port))}\n`;
    default:
      return (
        `${head("apps/v1")}spec:\n  selector: {matchLabels: ${labels}}\n` +
        (kind === "StatefulSet" ? `  serviceName: "${called}"\n` : "") +
        `  template:\n    metadata: {labels: ${labels}}\n${POD}`
      );
  }
}

function port(text: string): object {
  const [name, number, target = "", protocol] = text.split(/[:/]/);
  return {
    ...(name ? { name } : {}),
    port: Number(number),
    targetPort: /^\d+$/.test(target) ? Number(target) : target,
    protocol,
  };
}

/** Where stubs are made. */
interface StubProps extends Pick<Context, "run" | "env"> {
  readonly folder: string;
  /** Folder with CRDs. @default - CRDs that take everything */
  readonly crds?: string;
}

/**
 * Makes a stub for every chart of these stacks.
 *
 * @returns kinds whose CRDs were made up.
 * @throws {UserError} when there is none for a chart, or when the CRDs cannot be read.
 */
export async function makeStubs(stacks: readonly StackView[], props: StubProps): Promise<string[]> {
  const releases = stacks.flatMap((stack) => stack.releases()).filter(({ body }) => !isOwnChart(body));
  const charts = new Map(releases.map(({ body }) => [`${chartName(body)}-${String(body["version"])}`, body]));
  const unknown = [...charts.values()].map(chartName).filter((name) => !STUBS[name]);
  if (unknown.length > 0)
    throw new UserError(`there is no stub for the chart ${unknown.join(", ")}: name a folder with --charts`);
  const { crds, madeUp } = crdsOf(stacks, props.crds);
  for (const [file, body] of charts) {
    const name = chartName(body);
    const folder = join(props.folder, "source", file, name);
    mkdirSync(join(folder, "templates"), { recursive: true });
    mkdirSync(join(folder, "crds"), { recursive: true });
    const about = { apiVersion: "v2", name, version: body["version"], description: "Stub of a rehearsal" };
    writeFileSync(join(folder, "Chart.yaml"), toYaml(about));
    writeFileSync(
      join(folder, "values.yaml"),
      toYaml(takenAway(readYaml(String((body["values"] as Json[])[0] ?? "")))),
    );
    (STUBS[name] ?? []).forEach((object, i) =>
      writeFileSync(join(folder, "templates", `${i}.yaml`), template(name, object)),
    );
    for (const one of crds.filter(({ chart }) => chart === name))
      writeFileSync(join(folder, "crds", `${one.name}.yaml`), one.text);
    const packed = await props.run("tar", ["-czf", join(props.folder, `${file}.tgz`), "-C", join(folder, ".."), name], {
      env: props.env,
    });
    if (packed.code !== 0) throw new UserError(`the stub ${file} was not packed: ${packed.stderr}`);
  }
  return madeUp;
}

/** Helm takes a default away where a value is null, and passes the null on where there is no default: so there is one. */
function takenAway(values: unknown): Json {
  const all = isObject(values) ? Object.entries(values) : [];
  const found = all.map(([key, value]) => [key, value === null ? "taken away" : takenAway(value)] as const);
  return Object.fromEntries(found.filter(([, value]) => Object.keys(value).length > 0));
}

/** Name of a release's chart, from its repository or out of a folder. */
export function chartName(body: Readonly<Record<string, unknown>>): string {
  const [chart, version] = [String(body["chart"]), String(body["version"])];
  const file = chart.split("/").at(-1) ?? chart;
  return file.endsWith(`-${version}.tgz`) ? file.slice(0, -`-${version}.tgz`.length) : file;
}
