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

let webhooks: Webhooks;
