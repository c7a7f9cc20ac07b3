import { PostgreSql } from "../../../constructs/love/postgresql/postgresql";
import { isStateful } from "../../../constructs/core/stateful";
import { at, built, only, VOLUMES } from "../support";
import { loveSpecOf, named, secretsOf, valuesOf } from "./support";

const view = () =>
  built((stack) => {
    const spec = loveSpecOf("local");
    const { database } = spec;
    if (database.kind !== "inside") throw new Error("local has its own database");
    new PostgreSql(stack, "postgresql", { spec, database, volumes: VOLUMES, dependsOn: [] });
  });
const deployment = () => only(view(), "kubernetes_deployment_v1");
const container = () => at(deployment(), "spec.template.spec.container.0");

test("its data are on a PVC of its own, which a destroy leaves", () => {
  expect(only(view(), "kubernetes_persistent_volume_claim_v1")).toMatchObject({
    metadata: { name: "love-manager-database", namespace: "love" },
    spec: { storage_class_name: "local-path", resources: { requests: { storage: "1Gi" } } },
  });
  expect(
    view()
      .resources("kubernetes_persistent_volume_claim_v1")
      .map(({ id }) => id),
  ).toEqual(["love_love-manager-database"]);
  built((stack) => {
    const spec = loveSpecOf("local");
    if (spec.database.kind !== "inside") throw new Error("local has its own database");
    const postgresql = new PostgreSql(stack, "postgresql", {
      spec,
      database: spec.database,
      volumes: VOLUMES,
      dependsOn: [],
    });
    expect(postgresql.node.findAll().filter(isStateful)).toHaveLength(1);
  });
  const [data] = at(container(), "volume_mount") as { mount_path: string }[];
  expect(valuesOf(container())["PGDATA"]?.startsWith(`${String(data?.mount_path)}/`)).toBe(true);
});

test("one server, which ends before the next begins: two would write into one folder", () => {
  expect(at(deployment(), "spec.replicas")).toBe("1");
  expect(at(deployment(), "spec.strategy.type")).toBe("Recreate");
});

test("database, account and password are those that managers have", () => {
  expect(valuesOf(container())).toMatchObject({ POSTGRES_USER: "love", POSTGRES_DB: "love" });
  expect(secretsOf(container())).toEqual({ POSTGRES_PASSWORD: "love/db-pass" });
  expect(at(named(view(), "kubernetes_service_v1", "love-manager-database-service"), "spec.port.0.port")).toBe(5432);
});

test("it is asked by its address, which it has only once it is set up", () => {
  for (const probe of ["startup_probe", "readiness_probe", "liveness_probe"])
    expect(at(container(), `${probe}.exec.command`)).toEqual([
      ...["pg_isready", "-h", "127.0.0.1", "-U", "love", "-d", "love"],
    ]);
});

test("it runs as the image's user, and writes nowhere but on volumes", () => {
  expect(at(deployment(), "spec.template.spec.security_context")).toMatchObject({
    run_as_user: "999",
    run_as_non_root: true,
    fs_group: "999",
  });
  expect(at(container(), "security_context.read_only_root_filesystem")).toBe(true);
});
