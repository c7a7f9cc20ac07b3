import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHARTS, IMAGES, PROVIDER_VERSIONS } from "../../ground/versions";
import { CLUSTER_DEFAULTS } from "../../environments/systems/cluster/defaults";
import { allStacks, CHECKOUT } from "../support/sites";

interface Manager {
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
  readonly datasourceTemplate: string;
  readonly depNameTemplate?: string;
  readonly packageNameTemplate?: string;
}

const config = JSON.parse(readFileSync(join(CHECKOUT, ".github", "renovate.json"), "utf8")) as {
  customManagers: Manager[];
};

const files = ["ground", "environments", ".github", ".ci"].flatMap((folder) =>
  readdirSync(join(CHECKOUT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(CHECKOUT.length + 1)),
);

/** The one condition that our templates have. */
function filled(template: string | undefined, name: string): string {
  if (template === undefined) return name;
  const chosen = template.replace(
    /\{\{#if \(equals depName '([^']+)'\)\}\}(.*?)\{\{else\}\}(.*?)\{\{\/if\}\}/g,
    (_, one: string, yes: string, no: string) => (name === one ? yes : no),
  );
  return chosen.replaceAll("{{{depName}}}", name);
}

/** What Renovate finds: its expressions have no more than JavaScript's. */
const found = config.customManagers.flatMap((manager) => {
  const names = files.filter((file) =>
    manager.managerFilePatterns.some((one) => new RegExp(one.slice(1, -1)).test(file)),
  );
  return names.flatMap((file) =>
    manager.matchStrings.flatMap((pattern) =>
      [...readFileSync(join(CHECKOUT, file), "utf8").matchAll(new RegExp(pattern, "gm"))].map(({ groups = {} }) => ({
        datasource: manager.datasourceTemplate,
        name: filled(manager.packageNameTemplate, groups["depName"] ?? manager.depNameTemplate ?? ""),
        version: groups["currentValue"] ?? "",
        ...(groups["registryUrl"] === undefined ? {} : { registry: groups["registryUrl"] }),
      })),
    ),
  );
});
const of = (datasource: string) => found.filter((one) => one.datasource === datasource);

test("finds every chart of the catalogue, and nothing else", () => {
  expect(of("helm")).toEqual(
    Object.values(CHARTS).map(({ chart, repository, version }) => ({
      datasource: "helm",
      name: chart,
      version,
      registry: repository,
    })),
  );
});

test("finds every image of the catalogue, and k3s", () => {
  const images = Object.values(IMAGES).map(({ repository, tag }) => ({
    datasource: "docker",
    name: repository,
    version: tag,
  }));
  const k3s = { datasource: "docker", name: CLUSTER_DEFAULTS.k3s.image, version: CLUSTER_DEFAULTS.k3s.version };
  expect(of("docker")).toEqual([...images, k3s]);
});

test("finds every provider under the name that the stacks require", () => {
  const sources = Object.assign(
    {},
    ...allStacks().map((stack) =>
      Object.fromEntries(
        Object.entries(stack.json.terraform?.required_providers ?? {}).map(([name, { source }]) => [name, source]),
      ),
    ),
  ) as Record<string, string>;
  expect(of("terraform-provider")).toEqual(
    Object.entries(PROVIDER_VERSIONS).map(([name, version]) => ({
      datasource: "terraform-provider",
      // Terraform takes a name alone for HashiCorp's.
      name: sources[name]?.includes("/") ? sources[name] : `hashicorp/${sources[name]}`,
      version,
    })),
  );
});

test("finds Terraform, Renovate and actionlint", () => {
  expect(of("github-releases").map(({ name }) => name)).toEqual(["hashicorp/terraform"]);
  expect(of("npm").map(({ name }) => name)).toEqual(["renovate"]);
  expect(of("go").map(({ name }) => name)).toEqual(["github.com/rhysd/actionlint"]);
  // Whatever follows it in a script is no part of a version.
  for (const source of ["github-releases", "npm", "go"])
    for (const { version } of of(source)) expect(version).toMatch(/^v?\d+\.\d+\.\d+$/);
});
