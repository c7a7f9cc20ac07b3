import { AudioBroadcasters } from "../../../constructs/love/audio";
import type { LoveSpec } from "../../../environments/systems/love/schema";
import { at, built } from "../support";
import { loveSpecOf, named, valuesOf } from "./support";

const viewOf = (spec: LoveSpec) =>
  built((stack) => void new AudioBroadcasters(stack, "audio", { spec, dependsOn: [] }));
const summit = viewOf(loveSpecOf("summit"));

test.each([
  [1, "auxtel-rpi-audio01.cp.lsst.org"],
  [2, "dynalene-rpi-audio01.cp.lsst.org"],
  [3, "mtdome-rpi-audio01.cp.lsst.org"],
  [4, "tma-rpi-audio01.cp.lsst.org"],
])("LOVE-C50: broadcaster %d of the Summit brings the sound of %s", (place, host) => {
  const deployment = named(summit, "kubernetes_deployment_v1", `audio-broadcaster-${place}`);
  const container = at(deployment, "spec.template.spec.container.0");
  expect(valuesOf(container)).toEqual({
    MICROPHONE_SERVER_HOST: host,
    MICROPHONE_SERVER_PORT: "4444",
    WEBSERVER_PORT: "8888",
  });
  expect(at(container, "port")).toEqual([{ name: "http", container_port: 8888 }]);
  const pods = {
    "app.kubernetes.io/name": "audio-broadcaster",
    "app.kubernetes.io/instance": `love-audio-broadcaster-${place}`,
  };
  expect(at(deployment, "spec.selector.match_labels")).toEqual(pods);
  const service = named(summit, "kubernetes_service_v1", `love-audio-broadcaster-service-${place}`);
  expect(at(service, "spec")).toEqual({ selector: pods, port: [{ name: "http", port: 80, target_port: "http" }] });
});

test("LOVE-C50: four at the Summit, none in Tucson", () => {
  expect(summit.resources("kubernetes_deployment_v1")).toHaveLength(4);
  expect(viewOf(loveSpecOf("tucson")).json.resource).toBeUndefined();
});

test("LOVE-C52: they keep away from others' nodes", () => {
  for (const { body } of summit.resources("kubernetes_deployment_v1"))
    expect(
      at(body, "spec.template.spec.affinity.pod_anti_affinity.preferred_during_scheduling_ignored_during_execution"),
    ).toMatchObject([{ weight: 100 }]);
});

test("a microphone that does not answer fails no deployment", () => {
  for (const { body } of summit.resources("kubernetes_deployment_v1")) expect(body["wait_for_rollout"]).toBe(false);
});
