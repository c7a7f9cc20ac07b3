import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  giveBackGeneratedSecrets,
  keepGeneratedSecrets,
  keptGeneratedSecrets,
} from "../../../../cli/shared/recovery/generated-secrets";
import type { ObjectJson } from "../../../../synthesized/stack";
import { stack } from "../../../support/sites";

const folder = mkdtempSync(join(tmpdir(), "efd-generated-secrets-"));
const file = join(folder, ".access", "toy.secrets.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => rmSync(file, { force: true }));

const AUTH = "/api/v1/namespaces/external-secrets/secrets/influxdb-auth";
const SETUP = "/api/v1/namespaces/influxdb/secrets/influxdb-setup";

const generated = (namespace: string, name: string): ObjectJson => ({
  apiVersion: "external-secrets.io/v1",
  kind: "ExternalSecret",
  metadata: { namespace, name: `made-${name}` },
  spec: { target: { name, creationPolicy: "Orphan", immutable: true } },
});
const copied: ObjectJson = {
  apiVersion: "external-secrets.io/v1",
  kind: "ExternalSecret",
  metadata: { namespace: "influxdb", name: "influxdb-auth" },
  spec: { target: { name: "influxdb-auth", creationPolicy: "Owner" } },
};
const stacks = [
  { customResources: () => [copied, generated("external-secrets", "influxdb-auth")] },
  { customResources: () => [generated("influxdb", "influxdb-setup")] },
];

/** A cluster with these Secrets. */
function cluster(secrets: Record<string, Record<string, string>>) {
  const made: [string, object][] = [];
  return {
    made,
    get: (path: string) => Promise.resolve(secrets[path] && { data: secrets[path] }),
    create: (path: string, object: object) => {
      made.push([path, object]);
      return Promise.resolve({});
    },
  };
}

test("generated secrets outlive their cluster, and nothing else does", async () => {
  const before = cluster({ [AUTH]: { "influxdb-password": "b2xk" }, [SETUP]: { password: "b25l" } });
  expect(await keepGeneratedSecrets(file, stacks, before)).toBe(2);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, ".access")).mode & 0o777).toBe(0o700);
  expect(keptGeneratedSecrets(file)).toBe(2);
  const next = cluster({});
  await giveBackGeneratedSecrets(file, next);
  expect(next.made).toEqual([
    [
      "/api/v1/namespaces/external-secrets/secrets",
      expect.objectContaining({ immutable: true, data: { "influxdb-password": "b2xk" } }),
    ],
    ["/api/v1/namespaces/influxdb/secrets", expect.objectContaining({ immutable: true, data: { password: "b25l" } })],
  ]);
  // The cluster has them: no copy stays on the disk.
  expect(existsSync(file)).toBe(false);
});

test("one that the cluster has stays as it is", async () => {
  await keepGeneratedSecrets(file, stacks, cluster({ [AUTH]: { a: "b2xk" }, [SETUP]: { a: "b25l" } }));
  const next = cluster({ [AUTH]: { a: "bmV3" } });
  await giveBackGeneratedSecrets(file, next);
  expect(next.made.map(([path]) => path)).toEqual(["/api/v1/namespaces/influxdb/secrets"]);
});

test("a destroy that is called again keeps what the first one removed", async () => {
  await keepGeneratedSecrets(file, stacks, cluster({ [AUTH]: { a: "b2xk" }, [SETUP]: { a: "b25l" } }));
  expect(await keepGeneratedSecrets(file, stacks, cluster({ [AUTH]: { a: "bmV3" } }))).toBe(2);
  expect(readFileSync(file, "utf8")).toMatch(/bmV3[^]*b25l/);
});

test("without one there is no file", async () => {
  expect(await keepGeneratedSecrets(file, stacks, cluster({}))).toBe(0);
  expect(existsSync(file)).toBe(false);
  expect(keptGeneratedSecrets(file)).toBe(0);
  await giveBackGeneratedSecrets(file, cluster({}));
});

test.each(["{}", '{"secrets": [{"namespace": "influxdb"}]}', "not JSON"])(
  "a file of something else is refused, and stays: %s",
  async (text) => {
    await keepGeneratedSecrets(file, stacks, cluster({ [AUTH]: { a: "b2xk" } }));
    writeFileSync(file, text);
    const next = cluster({});
    await expect(giveBackGeneratedSecrets(file, next)).rejects.toThrow(/\.json does not hold .*: move it away/);
    expect([existsSync(file), next.made]).toEqual([true, []]);
  },
);

test("local has secrets of each kind", async () => {
  const all = await keepGeneratedSecrets(file, [stack("local", "efd")], {
    get: () => Promise.resolve({ data: { a: "" } }),
  });
  expect(all).toBeGreaterThan(5);
  expect(readFileSync(file, "utf8")).toContain('"influxdb-setup"');
});
