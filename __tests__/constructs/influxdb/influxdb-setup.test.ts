import { InfluxdbSetup, type InfluxdbSetupProps } from "../../../constructs/influxdb/influxdb-setup";
import { at, before, built, only, unescaped } from "../support";

const secret = (name: string) => ({
  name,
  description: "an account",
  keys: { password: { description: "its password" } },
});

const PROPS: InfluxdbSetupProps = {
  influxdb: { service: { host: "influxdb", port: 8086 } },
  databases: [{ name: "efd", retentionHours: 24 }],
  users: [
    {
      name: "my-writer.1",
      secret: secret("writer"),
      grants: [{ database: "efd", privilege: "WRITE" }],
    },
  ],
  dependsOn: [],
};

const view = (props: Partial<InfluxdbSetupProps> = {}) =>
  built((stack) => void new InfluxdbSetup(stack, "setup", { ...PROPS, ...props }));
const job = (props: Partial<InfluxdbSetupProps> = {}) => only(view(props), "kubernetes_job_v1");
const container = () => at(job(), "spec.template.spec.container.0");

test("runs again when its script changes, and only then", () => {
  const name = (props: Partial<InfluxdbSetupProps>) => at(job(props), "metadata.name");
  expect(name({})).toMatch(/^influxdb-setup-[0-9a-f]{8}$/);
  expect(name({})).toBe(name({}));
  expect(name({ databases: [{ name: "efd", retentionHours: 48 }] })).not.toBe(name({}));
  expect(name({ users: [] })).not.toBe(name({}));
});

test("runs every quarter of an hour, never twice at once: so a password that changed arrives", () => {
  const schedule = only(view(), "kubernetes_cron_job_v1");
  expect(at(schedule, "spec")).toMatchObject({ schedule: "*/15 * * * *", concurrency_policy: "Forbid" });
  // The same pod as the Job's.
  expect(at(schedule, "spec.job_template.spec.template")).toEqual(at(job(), "spec.template"));
});

test("the schedule begins when the Job has shown that the script works", () => {
  const one = view();
  const [{ address } = { address: "" }] = one.resources("kubernetes_job_v1");
  expect(only(one, "kubernetes_cron_job_v1")["depends_on"]).toEqual([address]);
});

test("passwords come from Secrets only", () => {
  const env = at(container(), "env") as { name: string; value?: string; value_from?: unknown }[];
  expect(env.filter(({ value }) => value !== undefined).map(({ name, value }) => [name, value])).toEqual([
    ["HOME", "/tmp"],
    ["INFLUXDB_HOST", "influxdb"],
    ["INFLUXDB_PORT", "8086"],
    ["API_SERVER", "https://kubernetes.default.svc"],
    ["ACCOUNT", "/var/run/secrets/kubernetes.io/serviceaccount"],
  ]);
  expect(env.filter(({ value }) => value === undefined)).toEqual([
    { name: "ADMIN_USERNAME", value_from: { secret_key_ref: { name: "influxdb-auth", key: "influxdb-user" } } },
    { name: "ADMIN_PASSWORD", value_from: { secret_key_ref: { name: "influxdb-auth", key: "influxdb-password" } } },
    { name: "SETUP_PASSWORD", value_from: { secret_key_ref: { name: "influxdb-setup", key: "password" } } },
    { name: "PASSWORD_MY_45_WRITER_46_1", value_from: { secret_key_ref: { name: "writer", key: "password" } } },
  ]);
});

test("the script is mounted and names each password by its variable", () => {
  const one = view();
  const [config] = one.resources("kubernetes_config_map_v1");
  const { "setup.sh": script = "" } = config?.body["data"] as Record<string, string>;
  expect(unescaped(script)).toContain(`user 'my-writer.1' "$PASSWORD_MY_45_WRITER_46_1"`);
  // Nothing for Terraform to read.
  expect(script).not.toMatch(/(?<!\$)\$\{|(?<!%)%\{/);
  expect(at(container(), "command")).toEqual(["sh", "/scripts/setup.sh"]);
  expect(at(container(), "volume_mount")).toContainEqual({
    name: "scripts",
    mount_path: "/scripts",
    read_only: true,
  });
  expect(at(job(), "spec.template.spec.volume.0")).toEqual({
    name: "scripts",
    config_map: { name: `\${${config?.address}.metadata[0].name}` },
  });
});

test("may make and see what the cluster remembers of InfluxDB, and nothing else", () => {
  const one = view();
  expect(at(only(one, "kubernetes_role_v1"), "rule")).toEqual([
    { api_groups: [""], resources: ["configmaps"], resource_names: ["influxdb-initialized"], verbs: ["get"] },
    { api_groups: [""], resources: ["configmaps"], verbs: ["create"] },
  ]);
  const [account] = one.resources("kubernetes_service_account_v1");
  expect(at(job(), "spec.template.spec.service_account_name")).toBe(`\${${account?.address}.metadata[0].name}`);
  expect([...before(one, one.resources("kubernetes_job_v1")[0]?.address ?? "")]).toContain(
    one.resources("kubernetes_role_binding_v1")[0]?.address,
  );
});

test("Terraform waits for the Job, longer than Kubernetes lets it run", () => {
  expect(job()).toMatchObject({ wait_for_completion: true, timeouts: { create: "10m", update: "10m" } });
  expect(at(job(), "spec.active_deadline_seconds")).toBeLessThan(600);
});

test("two users whose names differ in a character that a variable cannot have do not share a password", () => {
  const user = (name: string) => ({ name, secret: secret(name), grants: [] });
  const variables = () =>
    (at(job({ users: [user("a-b"), user("a.b")] }), "spec.template.spec.container.0.env") as { name: string }[])
      .map(({ name }) => name)
      .filter((name) => name.startsWith("PASSWORD_"));
  expect(new Set(variables()).size).toBe(2);
});
