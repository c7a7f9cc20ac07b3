import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Construct } from "constructs";
import { CHARTS, type ChartName, IMAGES, image, PROVIDER_VERSIONS } from "../../../ground/versions";
import { ChartRelease, type ChartReleaseProps } from "../../../constructs/kubernetes/chart";
import { built, only } from "../support";

const NAMES = Object.keys(CHARTS) as ChartName[];

const release = (props: Partial<ChartReleaseProps<object>> = {}) =>
  only(
    built((stack) => {
      const namespace = new NamespaceV1(stack, "namespace", { metadata: { name: "data" } });
      new ChartRelease(new Construct(stack, "inner"), "influxdb", {
        chart: "influxdb",
        name: "store",
        namespace: "data",
        values: { b: 1, a: "${x}" },
        source: {},
        dependsOn: [namespace],
        ...props,
      });
    }),
    "helm_release",
  );

test("a failed release is rolled back, a good one waited for, with its Jobs", () => {
  expect(release()).toMatchObject({ atomic: true, wait: true, wait_for_jobs: true, timeout: 600, max_history: 5 });
  expect(release({ timeout: 1200 })["timeout"]).toBe(1200);
});

test("name and namespace are explicit, and so is what comes before", () => {
  expect(release()).toMatchObject({
    name: "store",
    namespace: "data",
    depends_on: ["kubernetes_namespace_v1.namespace"],
  });
  expect(release()).not.toHaveProperty("create_namespace");
});

test("its address is made of namespace and name: a move in the program moves no release", () => {
  const view = built((stack) => {
    for (const namespace of ["one", "two"])
      new ChartRelease(new Construct(stack, namespace), "any", {
        chart: "chronograf",
        name: "efd",
        namespace,
        values: {},
        source: {},
      });
  });
  expect(view.resources("helm_release").map(({ id }) => id)).toEqual(["one_efd", "two_efd"]);
});

test("values are one text, sorted and closed to Terraform", () => {
  expect(release()["values"]).toEqual(["a: $${x}\nb: 1\n"]);
});

test.each(NAMES)("%s comes from its own repository, exact", (chart) => {
  const { repository, version } = CHARTS[chart];
  expect(release({ chart })).toMatchObject({ chart: CHARTS[chart].chart, repository, version });
  expect(version).toMatch(/^v?\d+\.\d+\.\d+$/);
  expect(repository).toMatch(/^(https|oci):\/\//);
});

test.each(NAMES)("%s comes as one file of a mirror", (chart) => {
  const body = release({ chart, source: { mirror: "/srv/charts" } });
  const { version } = CHARTS[chart];
  expect(body["chart"]).toBe(`/srv/charts/${CHARTS[chart].chart}-${version}.tgz`);
  expect(body["version"]).toBe(version);
  expect(body).not.toHaveProperty("repository");
});

test("no value is given outside the text: those would stand in state and plan", () => {
  for (const key of ["set", "set_sensitive", "set_list", "set_wo"]) expect(release()).not.toHaveProperty(key);
});

describe("the catalogue", () => {
  /** PostgreSQL has counted in two numbers since its version 10; its tag names the Debian below it too. */
  const TWO_NUMBERS: Readonly<Record<string, RegExp>> = { postgresql: /^\d+\.\d+-[a-z]+$/ };

  test.each(Object.entries(IMAGES))("%s: an image of an exact version in a registry that is named", (name, one) => {
    expect(one.tag).toMatch(TWO_NUMBERS[name] ?? /^v?\d+\.\d+\.\d+(-[a-z0-9.]+)?$/);
    expect(one.repository).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+\//);
  });

  test("an image is its repository and its tag", () => {
    expect(image("busybox")).toBe("docker.io/library/busybox:1.37.0");
  });

  test.each(Object.entries(PROVIDER_VERSIONS))("provider %s is exact", (_name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("docker deletes no stopped container while it plans: 4.0 or newer", () => {
    expect(Number(PROVIDER_VERSIONS["docker"]?.split(".")[0])).toBeGreaterThanOrEqual(4);
  });
});
