/** Faults that only the cluster tells of. */
import { NAMESPACE } from "../../../ground/namespaces";
import { look, says, SHORT } from "../site/look";
import type { Scenario } from "./scenario";

const operatorDown: Scenario = async (world, checks) => {
  const { api, kubectl } = { api: world.plane.api, kubectl: world.plane.kubectl.bind(world.plane) };
  const [pod] = await api.list(`/api/v1/namespaces/${NAMESPACE.strimzi}/pods`);
  const name = pod?.metadata.name ?? "";
  const ended = { exitCode: 137, reason: "OOMKilled", finishedAt: new Date().toISOString() };
  await api.patch(`/api/v1/namespaces/${NAMESPACE.strimzi}/pods/${name}/status`, {
    status: {
      conditions: [
        { type: "Ready", status: "False", reason: "ContainersNotReady" },
        { type: "ContainersReady", status: "False", reason: "ContainersNotReady" },
      ],
      containerStatuses: [
        {
          name: "stub",
          image: "simulated/stub:none",
          imageID: "",
          ready: false,
          restartCount: 7,
          state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container" } },
          lastState: { terminated: ended },
        },
      ],
    },
  });
  const seen = await look(world, checks, "an operator's pod does not run", ["cluster"]);
  says(checks, "an operator's pod does not run", seen, { level: "fail", what: /strimzi/ });
  await kubectl("-n", NAMESPACE.strimzi, "delete", "pod", name, "--grace-period=0", "--force");
  await kubectl("-n", NAMESPACE.strimzi, "wait", "--for=condition=Available", "deployment", "--all", "--timeout=180s");
  const after = await look(world, checks, "it runs again", ["cluster"]);
  says(checks, "it runs again", after, { level: "ok", what: /strimzi/ });
};

const backupTooOld: Scenario = async (world, checks) => {
  const path = `/apis/batch/v1/namespaces/${NAMESPACE.influxdb}/cronjobs/influxdb-backup/status`;
  const succeeded = (hours: number) =>
    world.plane.api.patch(path, {
      status: { lastSuccessfulTime: new Date(Date.now() - hours * 3_600_000).toISOString().replace(/\.\d+/, "") },
    });
  const about = /influxdb-backup/;
  await succeeded(60);
  says(checks, "60 h old", await look(world, checks, "a backup is too old", ["backups"]), {
    level: "fail",
    what: about,
  });
  await succeeded(30);
  says(checks, "30 h old", await look(world, checks, "a backup is late", ["backups"]), { level: "warn", what: about });
  await succeeded(1);
  says(checks, "1 h old", await look(world, checks, "a backup is there", ["backups"]), { level: "ok", what: about });
};

const clockSkewed: Scenario = async (world, checks) => {
  const about = /^clock of the API server$/;
  world.front.ahead = 90;
  const seen = await look(world, checks, "a clock is 90 s ahead", ["host"]);
  says(checks, "a clock is 90 s ahead", seen, { level: "fail", what: about, says: /9\d s ahead|8\d s ahead/ });
  world.front.ahead = 0;
  says(checks, "it is right again", await look(world, checks, "it is right again", ["host"]), {
    level: "ok",
    what: about,
  });
};

const apiServerSilent: Scenario = async (world, checks) => {
  world.front.isSilent = true;
  const seen = await look(world, checks, "the API server never answers", [], SHORT);
  const well = seen.lines.filter(({ level, subject }) => level === "ok" && subject !== "certificates");
  checks.same("nothing that it would know is said to be well", well, []);
  world.front.isSilent = false;
};

/** An operator's pod, backups, clocks, the API server itself. */
export const clusterScenarios = { operatorDown, backupTooOld, clockSkewed, apiServerSilent };
