import { ViewBackup } from "../../../constructs/love/view-backup";
import { at, built, only } from "../support";
import { loveSpecOf, secretsOf, valuesOf } from "./support";

function cronJob(site: string) {
  const spec = loveSpecOf(site);
  const { objectStore } = spec;
  if (!objectStore) throw new Error(`${site} has no object store`);
  return only(
    built((stack) => void new ViewBackup(stack, "backup", { spec, objectStore, dependsOn: [] })),
    "kubernetes_cron_job_v1",
  );
}
const pod = (site: string) => at(cronJob(site), "spec.job_template.spec.template.spec");

test.each(["summit", "tucson"])("LOVE-C51: %s's views go each day at 12 UTC, one at a time", (site) => {
  expect(at(cronJob(site), "metadata.name")).toBe("love-manager-view-backup");
  expect(cronJob(site)["spec"]).toMatchObject({
    schedule: "0 12 * * *",
    timezone: "Etc/UTC",
    concurrency_policy: "Forbid",
  });
  expect(at(cronJob(site), "spec.job_template.spec.completions")).toBe(1);
  expect(at(pod(site), "restart_policy")).toBe("Never");
  expect(at(cronJob(site), "spec.job_template.spec.template.metadata.labels")).toMatchObject({
    type: "love-manager-view-backup-job",
  });
});

test("LOVE-C51: it logs in with the database's password", () => {
  const container = at(pod("summit"), "container.0");
  expect(secretsOf(container)).toEqual({
    PGPASSWORD: "love/db-pass",
    AWS_ACCESS_KEY_ID: "love/aws-access-key-id",
    AWS_SECRET_ACCESS_KEY: "love/aws-secret-access-key",
  });
  expect(valuesOf(container)).toEqual({
    PGHOST: "postgresdb01.cp.lsst.org",
    PGPORT: "5432",
    PGDATABASE: "love",
    PGUSER: "love",
    LOVE_SITE: "summit",
  });
  expect(at(container, "resources")).toEqual({
    requests: { cpu: "5m", memory: "100Mi" },
    limits: { cpu: "100m", memory: "500Mi" },
  });
});

test("LOVE-C53, LOVE-C54: the image of the cycle, with the account of the registry", () => {
  expect(at(pod("summit"), "container.0.image")).toBe("ts-dockerhub.lsst.org/love-view-backup:c0044");
  expect(at(pod("summit"), "image_pull_secrets")).toEqual([{ name: "pull-secret" }]);
});
