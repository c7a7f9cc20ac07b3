/** A claim that becomes another one while a pod mounts it. */
import { setTimeout as sleep } from "node:timers/promises";
import { inside } from "../../../synthesized/stack";
import { killTerraform } from "../site/processes";
import { expect, type TestSite } from "../site/test-site";

/** Seconds after which the deployment counts as hanging; Terraform itself waits for 20 minutes. */
const PATIENCE = 180;

/** All claims move to another class of volumes, which the site allows: their programs go first, so nothing waits. */
export async function volumesReplaced(testSite: TestSite): Promise<string> {
  const pause = new AbortController();
  const late = sleep(PATIENCE * 1000, "late", { signal: pause.signal }).catch(() => "in time");
  const moving = testSite.change((one) => ({ ...one, storage: { className: "moved" } }));
  const deployed = await Promise.race([moving, late]).finally(() => pause.abort());
  if (typeof deployed === "string") {
    killTerraform(testSite.outdir, true);
    await moving.catch(() => undefined);
    throw new Error(`a claim still waits for its pod after ${PATIENCE} s`);
  }
  const pvcs = (await testSite.items("/api/v1/persistentvolumeclaims")).filter(({ metadata }) =>
    ["influxdb", "chronograf", "kapacitor"].includes(metadata.namespace ?? ""),
  );
  const elsewhere = pvcs.filter((one) => inside(one, "spec", "storageClassName") !== "moved");
  expect(pvcs.length === 3 && elsewhere.length === 0, `${elsewhere.length} of ${pvcs.length} claims did not move`);
  const waiting = pvcs.filter((one) => inside(one, "status", "phase") !== "Bound");
  expect(waiting.length === 0, `no pod mounts ${waiting.map(({ metadata }) => metadata.name).join()}`);
  return `${pvcs.length} claims, each after its program: ${deployed.done.length} changes`;
}
