import { isStateful } from "../../../constructs/core/stateful";
import { Namespaces } from "../../../constructs/namespaces/namespaces";
import { POD_SECURITY } from "../../../ground/namespaces";
import { at, built } from "../support";

test("a namespace has its level of Pod Security, and is stateful: with it goes all that is in it", () => {
  const view = built((stack) => {
    const namespaces = new Namespaces(stack, "namespaces", ["kafka", "local-path-storage"]);
    expect(isStateful(namespaces.get("kafka"))).toBe(true);
  });
  expect(view.resources("kubernetes_namespace_v1").map(({ id }) => id)).toEqual(["kafka", "local-path-storage"]);
  expect(at(view.resource("kubernetes_namespace_v1.kafka"), "metadata")).toMatchObject({
    name: "kafka",
    labels: { "pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn": "restricted" },
  });
  expect(at(view.resource("kubernetes_namespace_v1.local-path-storage"), "metadata.labels")).toMatchObject({
    "pod-security.kubernetes.io/enforce": "privileged",
  });
});

test("privileged are those whose pods mount folders of the node, and no others", () => {
  const privileged = Object.entries(POD_SECURITY).filter(([, level]) => level === "privileged");
  expect(privileged.map(([name]) => name)).toEqual(["local-path-storage", "telegraf-ds"]);
});

test("a namespace that the site does not have cannot be referred to", () => {
  built((stack) => {
    const namespaces = new Namespaces(stack, "namespaces", ["kafka"]);
    expect(namespaces.get("kafka").friendlyUniqueId).toBe("kafka");
    expect(() => namespaces.get("external-dns")).toThrow(
      "got namespace external-dns, which this site does not have. Allowed: kafka.",
    );
  });
});
