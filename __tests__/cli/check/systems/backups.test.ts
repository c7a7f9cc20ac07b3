import { backupChecks } from "../../../../cli/check/systems/backups";
import { parseEnvironment } from "../../../../environments/parse";
import { siteWith } from "../../../support/environment";
import { ago, checkProps, expectRemedies, short } from "../support";

const site = parseEnvironment(siteWith({ backups: { target: { kind: "volume", disk: "100Gi" } } }));
const [check] = backupChecks;
const HOUR = 3600;

const cronJob = (lastSuccess: number | undefined, changes: { age?: number; suspend?: boolean } = {}) => ({
  metadata: { name: "influxdb-backup", namespace: "influxdb", creationTimestamp: ago(changes.age ?? 1000 * HOUR) },
  spec: { suspend: changes.suspend ?? false },
  status: lastSuccess === undefined ? {} : { lastSuccessfulTime: ago(lastSuccess) },
});
const job = (start: number, condition: object, owner = "influxdb-backup") => ({
  metadata: { name: `job-${start}`, ownerReferences: [{ kind: "CronJob", name: owner }] },
  status: { startTime: ago(start), conditions: [condition] },
});
const FAILED = { type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "Job has reached the limit" };
const COMPLETE = { type: "Complete", status: "True" };

async function look(cron: object | undefined, jobs: readonly object[] = []) {
  const objects = {
    ...(cron && { "/apis/batch/v1/namespaces/influxdb/cronjobs/influxdb-backup": cron }),
    "/apis/batch/v1/namespaces/influxdb/jobs": jobs,
  };
  const verdicts = (await check?.run(checkProps({ objects }, { site }))) ?? [];
  expectRemedies(verdicts);
  expect(verdicts.map(({ what }) => what)).toEqual([
    "backup influxdb/influxdb-backup",
    "backup chronograf/chronograf-backup",
    "backup kapacitor/kapacitor-backup",
  ]);
  return short(verdicts)[0]?.replace("backup influxdb/influxdb-backup: ", "");
}

it("applies only where a site has backups", () => {
  expect(check?.applies?.(site)).toBe(true);
  expect(check?.applies?.(parseEnvironment(siteWith({})))).toBe(false);
});

it.each<[string, object | undefined, readonly object[], string | RegExp]>([
  ["of this day", cronJob(5 * HOUR), [], "ok the last one succeeded 5 h ago, at 2026-11-30T07:00Z"],
  ["of the day before", cronJob(27 * HOUR), [], /^warn the last one succeeded 27 h ago/],
  ["of three days ago", cronJob(60 * HOUR), [], /^fail the last one succeeded 60 h ago/],
  ["that were never made, since they are new", cronJob(undefined, { age: 5 * HOUR }), [], /^ok none succeeded/],
  ["that were never made", cronJob(undefined), [], /^fail none succeeded since its CronJob was made 42 d ago/],
  ["that are suspended", cronJob(5 * HOUR, { suspend: true }), [], /^warn it is suspended/],
  ["whose CronJob is gone", undefined, [], "fail its CronJob is not there"],
  [
    "of which the newest failed",
    cronJob(20 * HOUR),
    [job(2 * HOUR, FAILED), job(20 * HOUR, COMPLETE)],
    /^warn .*; the newest Job, job-7200, failed: BackoffLimitExceeded: Job has reached the limit$/,
  ],
  [
    "of which an older one failed, or another's",
    cronJob(2 * HOUR),
    [job(20 * HOUR, FAILED), job(2 * HOUR, COMPLETE), job(1, FAILED, "other")],
    /^ok /,
  ],
])("judges backups %s", async (_what, cron, jobs, expected) => {
  const found = await look(cron, jobs);
  if (typeof expected === "string") expect(found).toBe(expected);
  else expect(found).toMatch(expected);
});

it("says that power paused them, where it did", async () => {
  const objects = { "/apis/batch/v1/namespaces/influxdb/cronjobs/influxdb-backup": cronJob(HOUR, { suspend: true }) };
  const [verdict] = (await check?.run(checkProps({ objects }, { site }))) ?? [];
  expect(verdict?.remedy).toMatch(
    new RegExp(`^npm run power -- ${site.name} up resumes what it paused; .*"suspend":false`),
  );
});
