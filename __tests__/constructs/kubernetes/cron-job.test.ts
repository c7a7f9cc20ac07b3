import { inside } from "../../../synthesized/stack";
import { allStacks } from "../../support/sites";

const cronJobs = () =>
  allStacks().flatMap((stack) =>
    stack.resources("kubernetes_cron_job_v1").map(({ body }) => ({
      name: String(inside(body, "metadata", "name")),
      job: inside(body, "spec", "job_template", "spec"),
    })),
  );

test("no Job of a CronJob fails because its pod was killed once, as by a restart of its node", () => {
  const once = cronJobs().filter(({ job }) => !(Number(inside(job, "backoff_limit")) > 0));
  expect(once).toEqual([]);
});

test("those that say what is wrong themselves fail at once, begin again where they were killed, and have their time a pod", () => {
  const found = cronJobs().filter(({ job }) => inside(job, "pod_failure_policy") !== undefined);
  expect([...new Set(found.map(({ name }) => name))].sort()).toEqual(["progress", "rollouts"]);
  for (const { name, job } of found) {
    expect(job).toMatchObject({
      backoff_limit: 2,
      pod_failure_policy: {
        // Kubernetes wants the codes in their order, and Terraform's provider crashes where no container is named.
        rule: [
          { action: "FailJob", on_exit_codes: { container_name: name, operator: "NotIn", values: [137, 143, 255] } },
        ],
      },
    });
    expect(inside(job, "active_deadline_seconds")).toBeUndefined();
    expect(Number(inside(job, "template", "spec", "active_deadline_seconds"))).toBeGreaterThan(0);
    expect(job).toMatchObject({ template: { spec: { restart_policy: "Never", container: [{ name }] } } });
  }
});
