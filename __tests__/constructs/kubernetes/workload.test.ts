import { RESTRICTED_CONTAINER, restrictedTemplate } from "../../../constructs/kubernetes/workload";

const labels = { app: "toy" };

test("a pod is what the Pod Security level restricted asks for, with no token and no variables of Services", () => {
  expect(restrictedTemplate({ labels, user: 1000, pod: { container: [{ name: "one" }] } })).toEqual({
    metadata: { labels },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: "1000",
        runAsGroup: "1000",
        fsGroup: "1000",
        seccompProfile: { type: "RuntimeDefault" },
      },
      container: [
        {
          name: "one",
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    },
  });
});

test("a pod with an account has its token", () => {
  const pod = { serviceAccountName: "reader", container: [{ name: "one" }] };
  expect(restrictedTemplate({ labels, user: 1, pod }).spec).toMatchObject({
    serviceAccountName: "reader",
    automountServiceAccountToken: true,
  });
});

test("containers that come first are restricted too, and one that needs more says so itself", () => {
  const securityContext = { ...RESTRICTED_CONTAINER, readOnlyRootFilesystem: false };
  const pod = { initContainer: [{ name: "first" }], container: [{ name: "one", securityContext }] };
  expect(restrictedTemplate({ labels, user: 1, pod }).spec).toMatchObject({
    initContainer: [{ name: "first", securityContext: RESTRICTED_CONTAINER }],
    container: [{ name: "one", securityContext }],
  });
});

test("another configuration is another pod", () => {
  const revision = (config: string) =>
    restrictedTemplate({ labels, user: 1, config, pod: { container: [] } }).metadata.annotations;
  expect(revision("a")).toEqual(revision("a"));
  expect(revision("a")).not.toEqual(revision("b"));
});

test("a pod with a volume of a PVC looks at the group of its root only", () => {
  const policy = (volume: { name: string; persistentVolumeClaim?: object }) =>
    restrictedTemplate({ labels: {}, user: 1, pod: { container: [], volume: [volume] } }).spec.securityContext;
  expect(policy({ name: "data", persistentVolumeClaim: { claimName: "data" } })).toMatchObject({
    fsGroup: "1",
    fsGroupChangePolicy: "OnRootMismatch",
  });
  expect(policy({ name: "tmp" })).not.toHaveProperty("fsGroupChangePolicy");
});
