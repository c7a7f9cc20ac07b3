/** The Job that sets LOVE's database up. */
import type { StackView } from "../../../../synthesized/stack";
import { at, only } from "../../support";
import { HOST, keysOf, LOVE_SITES, managers, managersOf, named, specOf, valuesOf } from "./support";

const job = (view: StackView) => only(view, "kubernetes_job_v1");
const nameOf = (view: StackView) => at(job(view), "metadata.name");

describe.each(LOVE_SITES)("%s", (site) => {
  test("it runs in the managers' image as nobody in particular, and Terraform waits for it", () => {
    const body = job(managersOf(site));
    expect(at(body, "wait_for_completion")).toBe(true);
    expect(nameOf(managersOf(site))).toMatch(/^love-manager-setup-[0-9a-f]{8}$/);
    expect(at(body, "spec.template.spec.container.0")).toMatchObject({
      image:
        site === "summit" ? "ts-dockerhub.lsst.org/love-manager:c0044.007" : "ts-dockerhub.lsst.org/love-manager:c0044",
      command: ["python", "/setup/setup.py"],
      working_dir: "/usr/src/love/manager",
      security_context: { read_only_root_filesystem: true },
    });
    expect(at(body, "spec.template.spec.security_context.run_as_user")).toBe("1000");
  });

  test("LOVE's own configurations are where managers reach them: at nginx, inside", () => {
    expect(valuesOf(job(managersOf(site)))).toMatchObject({
      ...{ SERVER_URL: HOST, LOVE_SITE: site, REMOTE_STORAGE: "true" },
      CONFIGURATION: "http://love-nginx-service/love/media/configs",
    });
    expect(
      valuesOf(job(managersOf(site)))
        ["CONFIGURATION_FILES"]?.split(" ")
        .sort(),
    ).toEqual([...["default.json", "no-alarms.json", "serious-alarms.json"]]);
  });

  test("it waits for the database less long than Kubernetes waits for it", () => {
    const body = job(managersOf(site));
    expect(Number(valuesOf(body)["PATIENCE"])).toBeLessThan(at(body, "spec.active_deadline_seconds") as number);
  });

  test("passwords that change at their source arrive by a schedule, which does nothing else", () => {
    const body = named(managersOf(site), "kubernetes_cron_job_v1", "love-manager-setup");
    expect(at(body, "spec")).toMatchObject({ schedule: "*/15 * * * *", concurrency_policy: "Forbid" });
    expect(at(body, "spec.job_template.spec.template.spec.container.0.command")).toEqual([
      ...["python", "/setup/setup.py", "passwords"],
    ]);
  });
});

test("it knows the passwords of LOVE's own users and of the database, and no others", () => {
  const own = {
    SECRET_KEY: "manager-secret-key",
    DB_PASS: "db-pass",
    ADMIN_USER_PASS: "admin-user-pass",
    USER_USER_PASS: "user-user-pass",
    CMD_USER_PASS: "cmd-user-pass",
  };
  expect(keysOf(job(managersOf("tucson")))).toEqual(own);
  expect(keysOf(job(managersOf("summit")))).toEqual({
    ...own,
    REMOTE_BASE_USER_PASS: "remote-base-user-pass",
    REMOTE_SLAC_USER_PASS: "remote-slac-user-pass",
    REMOTE_TUCSON_USER_PASS: "remote-tucson-user-pass",
  });
});

test("another image, database or site is another Job; what only managers read is not", () => {
  const before = nameOf(managersOf("summit"));
  const { images, database, frontend } = specOf("summit");
  if (database.kind === "inside") throw new Error("the Summit's database is outside");
  const others = [
    { images: { ...images, manager: "c0045" } },
    { database: { ...database, host: "db.example.org" } },
    { salSite: "base" },
  ].map((changes) => nameOf(managers("summit", changes)));
  expect(new Set([before, ...others]).size).toBe(4);
  expect(nameOf(managers("summit", { trace: true, frontend: { ...frontend, minReplicas: 3 } }))).toBe(before);
});
