import type { Difference } from "../../../review/model/model";
import { isOwnNoise } from "../../../review/model/noise";

const DEPLOYMENT = "kubernetes_deployment_v1";
const AUTOSCALER = "kubernetes_horizontal_pod_autoscaler_v2";
const differenceAt = (path: string): Difference => ({
  path,
  before: { kind: "value", value: "one" },
  after: { kind: "value", value: "another" },
});

test.each([
  [DEPLOYMENT, 'spec.template.metadata.annotations["efd/secrets"]'],
  [DEPLOYMENT, 'spec.template.metadata.annotations["efd/topics"]'],
  [DEPLOYMENT, 'metadata.annotations["efd/secrets-are"]'],
  [DEPLOYMENT, 'metadata.annotations["efd/topics-are"]'],
  [AUTOSCALER, "spec.min_replicas"],
])("of a %s our schedules write %s, and nobody else is told of it", (type, path) => {
  expect(isOwnNoise(type, differenceAt(path), "drift")).toBe(true);
  expect(isOwnNoise(type, differenceAt(path), "update")).toBe(false);
});

test.each([
  [DEPLOYMENT, 'metadata.annotations["owner"]'],
  [AUTOSCALER, "spec.max_replicas"],
])("what somebody changed by hand is said: of a %s %s", (type, path) => {
  expect(isOwnNoise(type, differenceAt(path), "drift")).toBe(false);
});
