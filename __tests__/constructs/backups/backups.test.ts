import { Backups, type BackupsProps } from "../../../constructs/backups/backups";
import { backupsAccess } from "../../../constructs/backups/access";
import { type Json, inside } from "../../../synthesized/stack";
import { parseEnvironment } from "../../../environments/parse";
import { at, built } from "../support";
import { siteWith } from "../../support/environment";

const vault = { kind: "vault", server: "https://vault.example.org", mount: "secret", path: "toy" };
const specOf = (target: unknown) => {
  const input = siteWith({ "influxdb.disk": "15Gi", secrets: vault, backups: { target } });
  const { backups } = parseEnvironment(input);
  if (!backups) throw new Error("no backups");
  return backups;
};
const VOLUME = specOf({ kind: "volume", disk: "60Gi", className: undefined });
const BUCKET = specOf({ kind: "s3", disk: "15Gi", bucket: "efd-backups", region: "us-east-1" });

const props = (spec: BackupsProps["spec"]): BackupsProps => ({
  spec,
  at: { time: "08:05", timeZone: "America/Santiago" },
  storageClass: "local-path",
  site: "toy",
  disks: { influxdb: "60Gi", chronograf: "1Gi", kapacitor: "2Gi" },
  influxdb: { service: { host: "influxdb", port: 8086 } },
  setup: { script: { config: "influxdb-setup", env: [{ name: "INFLUXDB_HOST", value: "influxdb" }] } },
  dependsOn: [],
});
const viewOf = (spec: BackupsProps["spec"]) => built((stack) => void new Backups(stack, "backups", props(spec)));
const volume = viewOf(VOLUME);
const bucket = viewOf(BUCKET);

function cronJob(view: typeof volume, name: string): Json {
  const found = view
    .resources("kubernetes_cron_job_v1")
    .find(({ body }) => inside(body, "metadata", "name") === name)?.body;
  if (!found) throw new Error(`no CronJob ${name}`);
  return found;
}
const pod = (view: typeof volume, name: string) =>
  at(cronJob(view, name), "spec.job_template.spec.template.spec") as Json;
const env = (container: unknown) =>
  Object.fromEntries(
    ((container as Json)["env"] as { name: string; value?: string }[]).map(({ name, value }) => [name, value]),
  );

test("each program has a schedule of its own, in the time zone of the telescope", () => {
  for (const name of ["influxdb", "chronograf", "kapacitor"])
    expect(cronJob(volume, `${name}-backup`)["spec"]).toMatchObject({
      schedule: "5 8 * * *",
      timezone: "America/Santiago",
      suspend: false,
      concurrency_policy: "Forbid",
    });
});

test("no script is taken for a template of Terraform's", () => {
  for (const view of [volume, bucket])
    for (const { body } of view.resources("kubernetes_config_map_v1"))
      for (const [script, text] of Object.entries(inside(body, "data") as Record<string, string>))
        expect([script, /(?<!\$)\$\{/.test(text)]).toEqual([script, false]);
});

test("restores run only when somebody makes a Job of them", () => {
  for (const name of ["influxdb", "chronograf", "kapacitor"])
    expect(at(cronJob(volume, `${name}-restore`), "spec.suspend")).toBe(true);
});

test("backups lie on PVCs of their own", () => {
  const claims = volume
    .resources("kubernetes_persistent_volume_claim_v1")
    .map(({ body }) => [
      at(body, "metadata.namespace"),
      at(body, "metadata.name"),
      at(body, "spec.resources.requests.storage"),
      at(body, "spec.storage_class_name"),
    ]);
  expect(claims).toEqual([
    ["chronograf", "chronograf-backup", "1Gi", "local-path"],
    ["influxdb", "influxdb-backup", "60Gi", "local-path"],
    ["kapacitor", "kapacitor-backup", "2Gi", "local-path"],
  ]);
});

test("InfluxDB's port for backups, which asks for no password, is open to these pods only", () => {
  const policy = volume.resources("kubernetes_network_policy_v1")[0]?.body;
  expect(at(policy, "metadata.namespace")).toBe("influxdb");
  expect(at(policy, "spec.ingress")).toEqual([
    {
      from: [
        {
          pod_selector: {
            match_labels: {
              "app.kubernetes.io/name": "influxdb-backup",
              "app.kubernetes.io/instance": "influxdb-backup",
            },
          },
        },
      ],
      ports: [{ port: "8088", protocol: "TCP" }],
    },
  ]);
  for (const name of ["influxdb-backup", "influxdb-restore"])
    expect(at(cronJob(volume, name), "spec.job_template.spec.template.metadata.labels")).toMatchObject({
      "app.kubernetes.io/name": "influxdb-backup",
    });
});

test("a database that is one file is copied by root, read-only, beside its program", () => {
  const spec = pod(volume, "kapacitor-backup");
  expect(at(spec, "container.0.security_context")).toEqual({
    allow_privilege_escalation: false,
    read_only_root_filesystem: true,
    run_as_non_root: false,
    run_as_user: "0",
    capabilities: { drop: ["ALL"], add: ["DAC_OVERRIDE"] },
  });
  // A group of the pod's would be given all files of the program's volume.
  expect(at(spec, "security_context")).toEqual({ seccomp_profile: { type: "RuntimeDefault" } });
  expect(at(spec, "container.0.volume_mount")).toContainEqual({ name: "data", mount_path: "/data", read_only: true });
  expect(env(at(spec, "container.0"))).toMatchObject({ DATA: "/data/kapacitor.db", KEEP: "3" });
  expect(JSON.stringify(at(spec, "affinity"))).toContain('"efd-kapacitor"');
  expect(at(pod(volume, "kapacitor-restore"), "container.0.volume_mount")).toContainEqual({
    name: "data",
    mount_path: "/data",
  });
});

test("a restore of InfluxDB has the variables and the script of its setup", () => {
  const spec = pod(volume, "influxdb-restore");
  expect(env(at(spec, "container.0"))).toMatchObject({
    INFLUXDB_HOST: "influxdb",
    INFLUXDB_BACKUP_PORT: "8088",
    SETUP: "/setup/setup.sh",
    BACKUP: "latest",
  });
  expect(at(spec, "volume")).toContainEqual({ name: "setup", config_map: { name: "influxdb-setup" } });
});

describe("a bucket", () => {
  test("gets a backup before it counts, with an account from a Secret", () => {
    const spec = pod(bucket, "influxdb-backup");
    expect((at(spec, "init_container") as Json[]).map(({ name }) => name)).toEqual(["backup"]);
    expect(env(at(spec, "init_container.0"))).toMatchObject({ KEEP: "0" });
    const upload = at(spec, "container.0") as Json;
    expect(env(upload)).toMatchObject({
      KEEP: "3",
      BUCKET: "s3:efd-backups/toy/influxdb",
      RCLONE_CONFIG_S3_PROVIDER: "AWS",
    });
    expect(upload["env"]).toContainEqual({
      name: "RCLONE_CONFIG_S3_SECRET_ACCESS_KEY",
      value_from: { secret_key_ref: { name: "backups-bucket", key: "secret_access_key" } },
    });
  });

  test("is where a restore begins", () => {
    const spec = pod(bucket, "influxdb-restore");
    expect((at(spec, "init_container") as Json[]).map(({ name }) => name)).toEqual(["download"]);
    expect((at(spec, "container") as Json[]).map(({ name }) => name)).toEqual(["restore"]);
  });

  test("its account is read where the pods are, and nowhere where there is no bucket", () => {
    const namespaces = (backups: BackupsProps["spec"]) =>
      backupsAccess({ backups }).secrets?.map((one) => one.namespace);
    expect(namespaces(BUCKET)).toEqual(["influxdb", "chronograf", "kapacitor"]);
    expect(namespaces(VOLUME)).toEqual([]);
  });
});
