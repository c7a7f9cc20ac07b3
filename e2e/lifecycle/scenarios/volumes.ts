/** A claim that becomes another one while a pod mounts it. */
import { setTimeout as sleep } from "node:timers/promises";
import { inside } from "../../../synthesized/stack";
import { killTerraform } from "../site/processes";
import { expect, type World } from "../site/test-site";

/** Seconds after which nobody believes any more that the deployment ends: Terraform itself waits for 20 minutes. */
const PATIENCE = 180;

/** All claims move to another class of volumes, which the site allows: their programs go first, so nothing waits. */
export async function claimsReplaced(world: World): Promise<string> {
  await world.ready();
  const pause = new AbortController();
  const late = sleep(PATIENCE * 1000, "late", { signal: pause.signal }).catch(() => "in time");
  const moving = world.change((one) => ({ ...one, storage: { className: "moved" } }));
  const deployed = await Promise.race([moving, late]).finally(() => pause.abort());
  if (typeof deployed === "string") {
    killTerraform(world.outdir, true);
    await moving.catch(() => undefined);
    throw new Error(`a claim still waits for its pod after ${PATIENCE} s`);
  }
  const claims = (await world.items("/api/v1/persistentvolumeclaims")).filter(({ metadata }) =>
    ["influxdb", "chronograf", "kapacitor"].includes(metadata.namespace ?? ""),
  );
  const elsewhere = claims.filter((one) => inside(one, "spec", "storageClassName") !== "moved");
  expect(claims.length === 3 && elsewhere.length === 0, `${elsewhere.length} of ${claims.length} claims did not move`);
  const waiting = claims.filter((one) => inside(one, "status", "phase") !== "Bound");
  expect(waiting.length === 0, `no pod mounts ${waiting.map(({ metadata }) => metadata.name).join()}`);
  return `${claims.length} claims, each after its program: ${deployed.done.length} changes`;
}
