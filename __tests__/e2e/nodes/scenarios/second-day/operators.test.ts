import { readFileSync } from "node:fs";
import { join } from "node:path";
import { earlierVersion, withVersion } from "../../../../../e2e/nodes/scenarios/second-day/operators";
import { CHARTS } from "../../../../../ground/versions";
import { CHECKOUT } from "../../../../../cli/shared/site/program";

const { version, appVersion } = CHARTS.externalSecrets;

test("another version of external-secrets is looked for among charts", () => {
  expect(earlierVersion(["external-secrets-0.9.0.tgz", "external-secrets-0.10.0.tgz", "influxdb-1.0.0.tgz"])).toBe(
    "0.10.0",
  );
  expect(earlierVersion([`external-secrets-${version}.tgz`, "README"])).toBeUndefined();
});

test("the catalogue as it is can be given that version", () => {
  const catalogue = readFileSync(join(CHECKOUT, "ground", "versions.ts"), "utf8");
  const changed = withVersion(catalogue, "0.10.0");
  expect(changed).toContain('version: "0.10.0",\n    appVersion: "v0.10.0"');
  expect(changed).not.toContain(`version: "${version}",\n    appVersion: "${appVersion}"`);
  expect(() => withVersion(changed, "0.10.0")).toThrow("the catalogue does not say the version");
});
