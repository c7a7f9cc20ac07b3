import { gzipSync } from "node:zlib";
import { UserError } from "../../../ground/errors";
import type { KubernetesApi } from "../../../cli/shared/kubernetes/client";
import { observeReleases } from "../../../cli/review/observed-releases";
import type { State } from "../../../cli/shared/terraform/terraform";

const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 1}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: other}
---
apiVersion: example.org/v1
kind: Gone
metadata: {name: thing}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "a:b"}
`;

const record = (version: number, status: string, manifest: string) => ({
  metadata: { name: `sh.helm.release.v1.web.v${version}`, labels: { version: String(version), status } },
  data: {
    release: Buffer.from(
      gzipSync(
        JSON.stringify({ chart: { metadata: { name: "chart", version: "1.0.0" } }, config: { a: version }, manifest }),
      ).toString("base64"),
    ).toString("base64"),
  },
});

const state: State = {
  resources: [
    {
      mode: "managed",
      type: "helm_release",
      name: "toy_web",
      instances: [
        {
          attributes: {
            namespace: "toy",
            name: "web",
            metadata: { revision: 2, chart: "chart", version: "1.0.0", values: '{"a":2}' },
          },
        },
      ],
    },
  ],
};

const kinds = (...resources: [kind: string, name: string, namespaced: boolean][]) => ({
  resources: resources.map(([kind, name, namespaced]) => ({ kind, name, namespaced })),
});

const SECRETS = "/api/v1/namespaces/toy/secrets?labelSelector=owner%3Dhelm%2Cname%3Dweb";

function api(changes: Readonly<Record<string, object | undefined>> = {}) {
  const asked: string[] = [];
  const answers: Record<string, object | undefined> = {
    "/version": {},
    [SECRETS]: {
      items: [record(1, "superseded", ""), record(3, "deployed", "x: 1"), record(2, "superseded", MANIFEST)],
    },
    "/apis/apps/v1": kinds(["Deployment", "deployments/status", true], ["Deployment", "deployments", true]),
    "/api/v1": kinds(["Service", "services", true]),
    "/apis/rbac.authorization.k8s.io/v1": kinds(["ClusterRole", "clusterroles", false]),
    "/apis/apps/v1/namespaces/toy/deployments/web": { metadata: { name: "web", namespace: "toy" } },
    "/apis/rbac.authorization.k8s.io/v1/clusterroles/a%3Ab": { metadata: { name: "a:b" } },
    "/apis/autoscaling/v2/namespaces/toy/horizontalpodautoscalers": {
      items: [{ spec: { scaleTargetRef: { kind: "Deployment", name: "web" } } }],
    },
    ...changes,
  };
  const get = (path: string) => {
    asked.push(path);
    return Promise.resolve(answers[path] as never);
  };
  return { api: { get } as unknown as KubernetesApi, asked };
}

test("reads the revision that Terraform made, what is newest, and each object where the API says that it is", async () => {
  const { api: of, asked } = api();
  const [one, ...others] = await observeReleases(of, state);
  expect(others).toEqual([]);
  expect(one).toMatchObject({
    address: "helm_release.toy_web",
    made: { revision: 2, values: { a: 2 } },
    newest: { revision: 3, status: "deployed", values: { a: 3 } },
    manifest: MANIFEST,
    kept: true,
    scaled: ["Deployment//web"],
  });
  expect(Object.keys(one?.live ?? {}).sort()).toEqual(["ClusterRole//a:b", "Deployment//web"]);
  expect(asked).toContain("/api/v1/namespaces/other/services/web");
  expect(asked.filter((path) => path === "/apis/apps/v1")).toHaveLength(1);
});

test("takes the newest manifest where Helm no longer keeps the one that Terraform made", async () => {
  const { api: of } = api({ [SECRETS]: { items: [record(7, "deployed", MANIFEST)] } });
  expect(await observeReleases(of, state)).toMatchObject([
    { kept: false, manifest: MANIFEST, newest: { revision: 7 } },
  ]);
});

test("leaves a release to the provider that Helm no longer has", async () => {
  expect(await observeReleases(api({ [SECRETS]: { items: [] } }).api, state)).toHaveLength(0);
  expect(await observeReleases(api().api, {})).toEqual([]);
});

test("looks at no other resource, and at no data source", async () => {
  const [release] = state.resources ?? [];
  const others = [
    { ...release!, mode: "data" },
    { ...release!, type: "toy" },
  ];
  expect(await observeReleases(api().api, { resources: others })).toEqual([]);
});

test("an API that does not answer is an error, also where there is no release", async () => {
  const get = () => Promise.reject(new UserError("nothing answers"));
  await expect(observeReleases({ get } as unknown as KubernetesApi, {})).rejects.toThrow("nothing answers");
});

test("says which Secret is no record", async () => {
  const odd = { ...record(3, "deployed", ""), data: { release: "bm8=" } };
  await expect(observeReleases(api({ [SECRETS]: { items: [odd] } }).api, state)).rejects.toThrow(
    new UserError("Secret toy/sh.helm.release.v1.web.v3 is no record of Helm 3: see it with helm history web -n toy"),
  );
});
