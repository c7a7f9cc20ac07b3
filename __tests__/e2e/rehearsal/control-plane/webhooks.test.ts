import type { Cluster } from "../../../../cli/shared/kubernetes/client";
import { Webhooks } from "../../../../e2e/rehearsal/control-plane/webhooks";

test("whoever would be asked is asked no more; an answer that fails ends nothing", async () => {
  const patched: string[] = [];
  let rounds = 0;
  const done = new Promise<void>((resolve) => {
    const api = {
      list: (path: string) => {
        if (++rounds === 1) return Promise.reject(new Error("away"));
        if (!path.endsWith("/mutatingwebhookconfigurations"))
          return Promise.resolve([{ metadata: { name: "asks" }, webhooks: [{}] }]);
        return Promise.resolve([{ metadata: { name: "silent" }, webhooks: [] }, { metadata: { name: "bare" } }]);
      },
      patch: (path: string, body: object) => {
        patched.push(`${path} ${JSON.stringify(body)}`);
        return Promise.resolve(resolve());
      },
    };
    webhooks = new Webhooks(api as unknown as Cluster);
  });
  webhooks.start();
  await done;
  await webhooks.stop();
  expect(patched).toEqual([
    '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/asks {"webhooks":[]}',
  ]);
});

test("of other namespaces they are asked as before", async () => {
  const asks = (namespace: string) => ({
    metadata: { name: namespace },
    webhooks: [{ clientConfig: { service: { namespace } } }],
  });
  const patched: string[] = [];
  const seen = new Promise<void>((resolve) => {
    const api = {
      list: () => Promise.resolve([asks("cert-manager"), asks("external-secrets")]),
      patch: (path: string) => Promise.resolve(patched.push(path.split("/").at(-1) ?? "")).then(() => resolve()),
    };
    webhooks = new Webhooks(api as unknown as Cluster, ["external-secrets"]);
  });
  webhooks.start();
  await seen;
  await webhooks.stop();
  expect(new Set(patched)).toEqual(new Set(["external-secrets"]));
});

let webhooks: Webhooks;
