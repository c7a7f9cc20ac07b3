import { labels, RESTARTABLE, selectorLabels } from "../../../constructs/kubernetes/objects";

test("pods are found by a part of their labels that never changes", () => {
  expect(selectorLabels("telegraf", "telegraf-test")).toEqual({
    "app.kubernetes.io/name": "telegraf",
    "app.kubernetes.io/instance": "telegraf-test",
  });
  expect(labels("telegraf", "telegraf-test")).toEqual({
    ...selectorLabels("telegraf", "telegraf-test"),
    "app.kubernetes.io/managed-by": "terraform",
    "app.kubernetes.io/part-of": "efd",
  });
  expect(selectorLabels("influxdb")).toEqual(selectorLabels("influxdb", "influxdb"));
});

test("Terraform leaves the marks of restarts, and nothing else, as they are", () => {
  expect(RESTARTABLE).toEqual({
    ignoreChanges: [
      'spec[0].template[0].metadata[0].annotations["kubectl.kubernetes.io/restartedAt"]',
      'spec[0].template[0].metadata[0].annotations["efd/secrets"]',
      'spec[0].template[0].metadata[0].annotations["efd/topics"]',
      'metadata[0].annotations["efd/secrets-are"]',
      'metadata[0].annotations["efd/topics-are"]',
    ],
  });
});
