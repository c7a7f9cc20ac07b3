/**
 * Our values against the real charts, and mistakes put in on purpose. Against a folder with the charts' values
 * (CHART_VALUES) with Node only; against their packages (CHARTS) with helm; both are named where they are not there.
 */
import { createServer, type Server } from "node:http";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { catalogueCharts, fileName } from "../../../cli/charts/chart";
import { Helm } from "../../../cli/charts/helm";
import { imageList } from "../../../cli/charts/images";
import { pullCharts } from "../../../cli/charts/mirror";
import { type ChartFinding, verifyCharts } from "../../../cli/charts/verify";
import type { Stack } from "../../../cli/shared/site/program";
import { run } from "../../../cli/shared/process/process";
import { chartPackages } from "../../../e2e/rehearsal/control-plane/cache";
import type { Json } from "../../../synthesized/stack";
import { CHARTS } from "../../../ground/versions";
import { type Change, repack, resources, values } from "../../support/chart-changes";
import { allStacks, CHECKOUT } from "../../support/sites";

const VALUES = process.env["CHART_VALUES"] ?? join(CHECKOUT, "..", "shared", "data", "charts");
const PACKAGES = chartPackages(process.env);
const stacks = () => allStacks() as readonly Stack[];

const hasValues = existsSync(VALUES);
const hasHelm = (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, "helm")));
const hasPackages = hasHelm && existsSync(PACKAGES);
if (!hasValues)
  process.stderr.write(`\ncharts' values: NOT RUN, because there is no folder ${VALUES}; set CHART_VALUES\n\n`);
if (!hasPackages)
  process.stderr.write(
    `\ncharts' packages: NOT RUN, because ${hasHelm ? `there is no folder ${PACKAGES}; set CHARTS` : "helm is not on PATH"}\n\n`,
  );

const brief = (findings: readonly ChartFinding[]): string[] => findings.map(({ check, text }) => `${check}: ${text}`);
const deep = (values: Json, key: string, change: Json): Json => ({
  ...values,
  [key]: { ...(values[key] as Json), ...change },
});

/** Mistakes in values, in what Terraform writes and in custom resources: name, stacks, what is found. */
const MISTAKES: readonly [string, Change, RegExp][] = [
  [
    "a key that values.yaml does not know",
    values("influxdb_influxdb", (values) => deep(values, "persistence", { existingClaims: "a" })),
    /^keys: influxdb\/influxdb \(influxdb-4\.12\.5\): the chart knows no key persistence\.existingClaims; there it knows .*existingClaim,/,
  ],
  [
    "a key at the top",
    values("kapacitor_efd", (values) => ({ ...values, influxUrl: "a" })),
    /^keys: .*the chart knows no key influxUrl; .*influxURL/,
  ],
  [
    "a key that a schema does not know",
    values("traefik_traefik", (values) => deep(values, "ingressClass", { isDefault: true })),
    /^schema: .*ingressClass: the schema knows no key isDefault$/,
  ],
  [
    "a value of another type than the schema's",
    values("cert-manager_cert-manager", (values) => deep(values, "crds", { enabled: "yes" })),
    /^schema: .*crds\.enabled must be boolean$/,
  ],
  [
    "the URL of a Service that no chart makes",
    values("kapacitor_efd", (values) => ({ ...values, influxURL: "http://influx.influxdb:8086" })),
    /^services: .*names the Service influx of influxdb, which nobody makes; there are influxdb$/,
  ],
  [
    "a port that a chart's Service does not have",
    values("chronograf_efd", (values) => deep(values, "env", { KAPACITOR_URL: "http://efd-kapacitor.kapacitor:9093" })),
    /^services: .*names port 9093 of the Service efd-kapacitor of kapacitor, which has 9092, api$/,
  ],
  [
    "a route to a port that a chart's Service does not have",
    resources((resource) => {
      for (const body of Object.values(resource["kubernetes_ingress_v1"] ?? {}))
        body["spec"] = JSON.parse(JSON.stringify(body["spec"]).replace('"number":80}', '"number":8888}'));
    }),
    /^services: kubernetes_ingress_v1\.chronograf.*names port 8888 of the Service efd-chronograf of chronograf, which has 80$/,
  ],
  [
    "a Secret that nobody makes",
    values("kapacitor_efd", (values) => ({ ...values, existingSecret: "influx-auth" })),
    /^secrets: .*reads the Secret influx-auth of kapacitor, which nobody makes; there are influxdb-auth$/,
  ],
  [
    "a key that a Secret does not have",
    values("external-dns_external-dns", (values) => ({
      ...values,
      env: [{ name: "A", valueFrom: { secretKeyRef: { name: "route53", key: "aws_key" } } }],
    })),
    /^secrets: .*reads key aws_key of the Secret route53 of external-dns, which has aws_access_key_id, aws_secret_access_key$/,
  ],
  [
    "an image without a fixed tag in what we write",
    resources((resource) => {
      for (const body of Object.values(resource["kubernetes_deployment_v1"] ?? {}))
        body["spec"] = JSON.parse(
          JSON.stringify(body["spec"]).replace(/cp-schema-registry:[\d.]+/, "cp-schema-registry:latest"),
        );
    }),
    /^images: kubernetes_deployment_v1\.schema-registry.*cp-schema-registry:latest has no fixed tag/,
  ],
];

/** The stacks of one site that has all releases that mistakes are put into. */
const site = () => {
  const one = stacks().find(({ json }) => json.resource?.["helm_release"]?.["external-dns_external-dns"]);
  return stacks().filter((stack) => stack.site === one?.site);
};
/** All mistakes at once: each must be found, and nothing else. */
const wrong = () => MISTAKES.reduce((some: readonly Stack[], [, change]) => change(some), site());
const missed = (found: readonly string[], expected: readonly (readonly [string, RegExp])[]) => ({
  missed: expected.filter(([, text]) => !found.some((line) => text.test(line))).map(([what]) => what),
  besides: found.filter((line) => !expected.some(([, text]) => text.test(line))),
});
const NONE = { missed: [], besides: [] };

test("a folder without charts is not taken for one with their values", async () => {
  const folder = mkdtempSync(join(tmpdir(), "efd-no-charts-"));
  try {
    const { findings, checks } = await verifyCharts({ stacks: site(), folder, helm: undefined });
    expect(new Set(findings.map(({ check }) => check))).toEqual(new Set(["packages"]));
    expect(new Set(checks.flatMap(({ notRun }) => notRun ?? []))).toEqual(
      new Set(["a chart is missing or could not be rendered"]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

(hasValues ? describe : describe.skip)("against the values of the charts", () => {
  const verify = (some: readonly Stack[]) => verifyCharts({ stacks: some, folder: VALUES, helm: undefined });

  test("every site is right, and what needs templates is named", async () => {
    const { findings, checks } = await verify(stacks());
    expect(brief(findings)).toEqual([]);
    expect(checks.filter(({ notRun }) => notRun !== undefined).map(({ check }) => check)).toEqual([
      "rendering",
      "apis",
      "hooks",
    ]);
  });

  test("every mistake that is put in is found, and nothing else", async () => {
    const found = brief((await verify(wrong())).findings);
    expect(
      missed(
        found,
        MISTAKES.map(([what, , text]) => [what, text]),
      ),
    ).toEqual(NONE);
  });
});

(hasPackages ? describe : describe.skip)("against the packages of the charts, rendered", () => {
  let helm: Helm;
  let work: string;
  beforeAll(() => {
    helm = new Helm(run, process.env);
    work = mkdtempSync(join(tmpdir(), "efd-charts-"));
  });
  afterAll(() => {
    helm.close();
    rmSync(work, { recursive: true, force: true });
  });
  const verify = (some: readonly Stack[], folder = PACKAGES) => verifyCharts({ stacks: some, folder, helm });

  test("every site is right, and every check ran", async () => {
    const { findings, checks } = await verify(stacks());
    expect(brief(findings)).toEqual([]);
    expect(checks.filter(({ notRun }) => notRun !== undefined)).toEqual([]);
  });

  test("every mistake that is put in is found, and nothing else", async () => {
    // helm refuses what a schema refuses as well, in its own words.
    const found = brief((await verify(wrong())).findings).filter(
      (line) => !/^rendering: (traefik|cert-manager)/.test(line),
    );
    expect(
      missed(
        found,
        MISTAKES.map(([what, , text]) => [what, text]),
      ),
    ).toEqual(NONE);
  });

  /** A folder with all packages, one of them with other files. */
  async function packagesWith(chart: string, files: Readonly<Record<string, string>>): Promise<string> {
    const folder = mkdtempSync(join(work, "packages-"));
    for (const entry of catalogueCharts())
      if (entry.chart === chart) await repack(join(PACKAGES, fileName(entry)), join(folder, fileName(entry)), files);
      else copyFileSync(join(PACKAGES, fileName(entry)), join(folder, fileName(entry)));
    return folder;
  }
  const put = (...texts: string[]) =>
    packagesWith("kapacitor", { "kapacitor/templates/put-in.yaml": texts.join("---\n") });
  const found = async (folder: string) => brief((await verify(site(), folder)).findings);

  test("what a chart renders is looked at: every mistake that is put in is found, and nothing else", async () => {
    const folder = await put(
      "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: old}\n",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: h, annotations: {helm.sh/hook: post-install}}\nspec: {containers: []}\n",
      "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: m}\n",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: 'a:latest'}]}\n",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: q}\nspec: {volumes: [{secret: {secretName: nobodys}}]}\n",
    );
    const expected: [string, RegExp][] = [
      ["removed API", /^apis: kapacitor\/efd .*serves no batch\/v1beta1 CronJob \(old\); served are batch\/v1$/],
      ["undefined kind", /^apis: .*serves no monitoring\.coreos\.com\/v1 PodMonitor \(m\); served are none$/],
      ["hook", /^hooks: kapacitor\/efd .*: Pod h is made post-install only, .*post-install,post-upgrade$/],
      ["image", /^images: kapacitor\/efd .*image a:latest has no fixed tag/],
      ["Secret", /^secrets: kapacitor\/efd .*reads the Secret nobodys of kapacitor, which nobody makes/],
    ];
    expect(missed(await found(folder), expected)).toEqual(NONE);
  });

  test("a required value that is missing, and another version inside the package", async () => {
    expect(await found(await put('a: {{ required "set somethingNeeded" .Values.somethingNeeded }}\n'))).toEqual([
      expect.stringMatching(/^rendering: kapacitor\/efd .*helm cannot render it: .*set somethingNeeded/),
    ]);
    const metadata = "name: kapacitor\nversion: 1.4.8\nappVersion: 1.6.4\n";
    expect(await found(await packagesWith("kapacitor", { "kapacitor/Chart.yaml": metadata }))).toEqual([
      expect.stringMatching(/^packages: .*says version 1\.4\.8, the catalogue 1\.4\.7/),
    ]);
  });

  test("a mirror pulled from a repository on loopback is complete, and its list names every image", async () => {
    const published = join(work, "published");
    mkdirSync(published);
    for (const entry of catalogueCharts())
      copyFileSync(join(PACKAGES, fileName(entry)), join(published, fileName(entry)));
    await helm.run("repo", "index", published);
    const server: Server = createServer((request, response) => {
      const file = join(published, decodeURIComponent(request.url ?? "").replace(/^\/+/, ""));
      if (!readdirSync(published).includes(file.slice(published.length + 1))) return response.writeHead(404).end();
      return response.end(readFileSync(file));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const repository = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const folder = join(work, "mirror");
      const props = { folder, charts: catalogueCharts(), helm, repository };
      expect((await pullCharts(props)).map(({ state }) => state)).toEqual(catalogueCharts().map(() => "pulled"));
      expect((await pullCharts(props)).map(({ state }) => state)).toEqual(catalogueCharts().map(() => "there"));
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    const { findings, objects } = await verify(stacks(), join(work, "mirror"));
    expect(brief(findings)).toEqual([]);
    const { images } = imageList(stacks(), objects);
    // Read from the charts' own documentation: what the pods of these versions are made of.
    expect(images).toEqual(
      expect.arrayContaining([
        `quay.io/jetstack/cert-manager-acmesolver:${CHARTS.certManager.version}`,
        `quay.io/strimzi/operator:${CHARTS.strimzi.version}`,
        `quay.io/strimzi/kafka:${CHARTS.strimzi.version}-kafka-4.3.1`,
        `docker.io/library/traefik:${CHARTS.traefik.appVersion}`,
        `ghcr.io/external-secrets/external-secrets:${CHARTS.externalSecrets.appVersion}`,
        "docker.io/rancher/k3s:v1.36.5-k3s1",
        "docker.io/library/busybox:1.37.0",
      ]),
    );
    expect(images.filter((image) => /:latest$|\$\{/.test(image))).toEqual([]);
  });
});
