import { parse } from "smol-toml";
import { stack } from "../../support/sites";
import {
  addressOf,
  at,
  before,
  factsOf,
  hostOf,
  influxdbSetup,
  readyJob,
  TABLE,
  valuesUnder,
  WITH_ISSUER,
} from "../support";

const release = (site: string, name: string) => addressOf(stack(site, "efd"), "helm_release", name);

describe("InfluxDB", () => {
  test.each(TABLE)("EFD-36: %s has authentication on and no limit of rows", (site) => {
    expect(at(stack(site, "efd").values("influxdb"), "config.http")).toMatchObject({
      "auth-enabled": true,
      "max-row-limit": 0,
    });
  });

  test.each(TABLE)("EFD-36: %s takes the 1.12 image on the chart of docs/acceptance/efd.md#parts", (site) => {
    const found = stack(site, "efd")
      .releases()
      .find(({ name }) => name === "influxdb");
    expect(found?.body).toMatchObject({
      chart: "influxdb",
      repository: "https://helm.influxdata.com/",
      version: "4.12.5",
      namespace: "influxdb",
    });
    expect(at(found?.values, "image.tag")).toMatch(/^1\.12\.\d+$/);
    expect(at(found?.values, "persistence")).toEqual({ enabled: true, existingClaim: "influxdb" });
  });

  test.each(TABLE)("EFD-36: %s has the limits of phalanx 2026-08", (site) => {
    expect(at(stack(site, "efd").values("influxdb"), "config")).toMatchObject({
      coordinator: {
        "max-concurrent-queries": 500,
        "query-timeout": "15s",
        "log-queries-after": "15s",
        "write-timeout": "1h",
      },
      data: { "cache-max-memory-size": 0, "wal-fsync-delay": "100ms", "max-series-per-database": 0 },
      continuous_queries: { enabled: false },
    });
  });

  test.each(TABLE)("EFD-36: %s serves it under its host with a certificate in the same namespace", (site) => {
    const efd = stack(site, "efd");
    const ingress = efd.resource(addressOf(efd, "kubernetes_ingress_v1", "influxdb"));
    const host = hostOf(site, "influxdb");
    expect(ingress).toMatchObject({
      metadata: {
        namespace: "influxdb",
        annotations: WITH_ISSUER.includes(site) ? { "cert-manager.io/cluster-issuer": "efd" } : {},
      },
      spec: {
        tls: [{ hosts: [host], secret_name: WITH_ISSUER.includes(site) ? "influxdb-tls" : "tls-certs" }],
        rule: [{ host }],
      },
    });
    expect(efd.json.output?.["influxdb_host"]?.["value"]).toBe(host);
    // Whoever comes first may make the first administrator.
    expect([...before(efd, addressOf(efd, "kubernetes_ingress_v1", "influxdb"))]).toContain(
      influxdbSetup(site).address,
    );
  });

  test.each(TABLE)("EFD-37: %s keeps the EFD as long as the table says, in the default policy", (site) => {
    const { efdHours } = factsOf(site);
    const shard = efdHours < 48 ? 1 : 168;
    const duration = Number.isFinite(efdHours) ? `${efdHours}h` : "INF";
    const lines = influxdbSetup(site).script.split("\n");
    expect(lines).toContain(`run 'CREATE DATABASE "efd"'`);
    expect(lines.filter((line) => line.includes("RETENTION POLICY") && line.includes(' ON "efd" '))).toEqual([
      `run 'ALTER RETENTION POLICY "autogen" ON "efd" DURATION ${duration} REPLICATION 1 SHARD DURATION ${shard}h DEFAULT'`,
    ]);
    expect(lines.filter((line) => /CREATE RETENTION POLICY/.test(line))).toEqual([]);
  });

  test.each(TABLE)("EFD-37: %s sets it up after the release, and by what the Secrets hold", (site) => {
    const efd = stack(site, "efd");
    expect([...before(efd, influxdbSetup(site).address)]).toEqual(
      expect.arrayContaining([release(site, "influxdb"), readyJob(efd, "efd-secrets")]),
    );
    const [container] = at(influxdbSetup(site).body, "spec.template.spec.container") as {
      env: Record<string, unknown>[];
    }[];
    const passwords = (container?.env ?? []).filter(({ name }) => /PASSWORD|USERNAME/.test(String(name)));
    expect(passwords.map((one) => at(one, "value_from.secret_key_ref"))).toEqual([
      { name: "influxdb-auth", key: "influxdb-user" },
      { name: "influxdb-auth", key: "influxdb-password" },
      { name: "influxdb-setup", key: "password" },
      { name: "telegraf-secret", key: "password" },
      { name: "efdreader", key: "password" },
    ]);
  });

  test.each(TABLE)("EFD-37: %s has every database into which a consumer writes", (site) => {
    const { script } = influxdbSetup(site);
    const made = [...script.matchAll(/^run 'CREATE DATABASE "([^"]+)"'$/gm)].map(([, name]) => name);
    const byTelegraf = stack(site, "efd")
      .telegrafConfigurations()
      .flatMap(({ text }) => valuesUnder(at(parse(text), "outputs"), "url"))
      .map((url) => new URL(String(url)).searchParams.get("db") ?? "");
    const byConnect = stack(site, "efd")
      .customResources("KafkaConnector")
      .flatMap(({ spec }) => valuesUnder(spec, "connect.influx.db"));
    // EFD-38: the database telegraf is there at every site, and Chronograf reads alerts in its own.
    expect([...made].sort()).toEqual([...new Set([...byTelegraf, ...byConnect, "telegraf", "chronograf"])].sort());
    for (const [account, databases] of [
      ["telegraf", byTelegraf],
      ["connect", byConnect],
    ] as const)
      for (const name of new Set(databases))
        expect(script).toMatch(new RegExp(`^run 'GRANT (WRITE|ALL) ON "${String(name)}" TO "${account}"'$`, "m"));
  });

  test.each(TABLE)(
    "EFD-38: %s keeps four weeks in the database telegraf, where the user telegraf may do all",
    (site) => {
      const lines = influxdbSetup(site).script.split("\n");
      expect(lines).toEqual(
        expect.arrayContaining([
          `run 'CREATE DATABASE "telegraf"'`,
          // 4 w
          `run 'ALTER RETENTION POLICY "autogen" ON "telegraf" DURATION 672h REPLICATION 1 SHARD DURATION 168h DEFAULT'`,
          `user 'telegraf' "$PASSWORD_TELEGRAF"`,
          `run 'GRANT ALL ON "telegraf" TO "telegraf"'`,
          `run 'GRANT WRITE ON "efd" TO "telegraf"'`,
        ]),
      );
    },
  );

  test.each(TABLE)("EFD-38: %s lets people read and never write", (site) => {
    const grants = influxdbSetup(site)
      .script.split("\n")
      .filter((line) => line.endsWith(`TO "efdreader"'`));
    expect(grants.length).toBeGreaterThanOrEqual(2);
    for (const line of grants) expect(line).toMatch(/^run 'GRANT READ ON /);
  });
});
