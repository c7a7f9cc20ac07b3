import { parse } from "smol-toml";
import { NodeMetrics } from "../../../constructs/telegraf/node-metrics";
import { at, built, INFLUXDB, only } from "../support";

const view = () =>
  built((stack) => {
    new NodeMetrics(stack, "nodes", {
      influxdb: INFLUXDB,
      dependsOn: [],
    });
  });
const pod = () => at(only(view(), "kubernetes_daemon_set_v1"), "spec.template.spec");

test("it writes what it measures into one database, under the node's name", () => {
  const config = parse(view().telegrafConfigurations()[0]?.text ?? "");
  expect(at(config, "agent.hostname")).toBe("${NODE_NAME}");
  expect(at(config, "outputs.http")).toEqual([
    {
      url: "http://influxdb:8086/write?db=telegraf",
      username: "telegraf",
      password: "${INFLUXDB_PASSWORD}",
      data_format: "influx",
      content_encoding: "gzip",
      non_retryable_statuscodes: [400, 413],
      timeout: "15s",
    },
  ]);
  expect(at(pod(), "container.0.env")).toEqual([
    { name: "NODE_NAME", value_from: { field_ref: { field_path: "spec.nodeName" } } },
    { name: "HOST_PROC", value: "/node/proc" },
    { name: "HOST_MOUNT_PREFIX", value: "/node" },
    { name: "INFLUXDB_PASSWORD", value_from: { secret_key_ref: { name: "telegraf-secret", key: "password" } } },
  ]);
});

test("of the node it mounts processes and an empty folder of the disk, and writes to neither", () => {
  const volumes = at(pod(), "volume") as { name: string; host_path?: { path: string } }[];
  expect(volumes.flatMap(({ host_path }) => host_path?.path ?? [])).toEqual(["/proc", "/var/lib/efd-telegraf"]);
  expect(at(pod(), "container.0.volume_mount")).toEqual([
    { name: "processes", mount_path: "/node/proc", read_only: true },
    { name: "disk", mount_path: "/node/mnt/stateful_partition", read_only: true },
    { name: "config", mount_path: "/etc/telegraf", read_only: true },
  ]);
  const config = parse(view().telegrafConfigurations()[0]?.text ?? "");
  // Telegraf measures what is mounted below HOST_MOUNT_PREFIX.
  expect(at(config, "inputs.disk.0.mount_points")).toEqual(["/mnt/stateful_partition"]);
});

test("it sees the node's network and finds InfluxDB all the same", () => {
  expect(pod()).toMatchObject({ host_network: true, dns_policy: "ClusterFirstWithHostNet" });
});

test("it is no root, has no capability and no account of the cluster", () => {
  expect(pod()).toMatchObject({
    automount_service_account_token: false,
    security_context: { run_as_non_root: true, run_as_user: "1000", seccomp_profile: { type: "RuntimeDefault" } },
  });
  expect(pod()).not.toHaveProperty("host_pid");
  expect(at(pod(), "container.0.security_context")).toEqual({
    allow_privilege_escalation: false,
    read_only_root_filesystem: true,
    run_as_non_root: true,
    capabilities: { drop: ["ALL"] },
  });
});
