import { readYaml } from "../../../synthesized/yaml";
import {
  LocalPathProvisioner,
  type LocalPathProvisionerProps,
  nodePathMap,
} from "../../../constructs/storage/local-path-provisioner";
import { at, before, built, only } from "../support";

const OTHERS = "DEFAULT_PATH_FOR_NON_LISTED_NODES";

const view = (props: Partial<LocalPathProvisionerProps> = {}) =>
  built((stack) => {
    new LocalPathProvisioner(stack, "provisioner", {
      className: "local-path",
      defaultPath: "/opt/local-path-provisioner",
      dependsOn: [],
      ...props,
    });
  });

describe("nodePathMap", () => {
  test("begins with the default", () => {
    expect(nodePathMap("/data", [])).toEqual([{ node: OTHERS, paths: ["/data"] }]);
    expect(nodePathMap("/data", [{ node: "kube-0", paths: ["/a", "/b"] }])).toEqual([
      { node: OTHERS, paths: ["/data"] },
      { node: "kube-0", paths: ["/a", "/b"] },
    ]);
  });

  test("a node without paths is refused volumes, not an error", () => {
    expect(nodePathMap("/data", [{ node: "kube-0", paths: [] }])).toContainEqual({ node: "kube-0", paths: [] });
  });

  test("two nodes may have the same path", () => {
    const twins = ["kube-0", "kube-1"].map((node) => ({ node, paths: ["/a"] }));
    expect(nodePathMap("/data", twins)).toHaveLength(3);
  });

  test.each([
    ["a relative path", "data", 'path "data" of node DEFAULT_PATH_FOR_NON_LISTED_NODES. Allowed: an absolute folder'],
    ["a path from here", "./data", 'path "./data" of node'],
    [
      "the root",
      "/",
      'path "/" of node DEFAULT_PATH_FOR_NON_LISTED_NODES. Allowed: an absolute folder below /. Correct it.',
    ],
    ["the root, twice", "//", 'path "//" of node'],
    ["nothing", "", 'path "" of node'],
  ])("refuses %s as the default", (_what, path, message) => {
    expect(() => nodePathMap(path, [])).toThrow(message);
  });

  test.each([
    [
      "a relative path",
      [{ node: "kube-0", paths: ["a"] }],
      'path "a" of node kube-0. Allowed: an absolute folder below /',
    ],
    ["the root", [{ node: "kube-0", paths: ["/"] }], 'path "/" of node kube-0'],
    [
      "a doubled path",
      [{ node: "kube-0", paths: ["/a", "/a"] }],
      "path /a of node kube-0 twice. Allowed: once. Remove one.",
    ],
    [
      "a doubled node",
      [
        { node: "kube-0", paths: ["/a"] },
        { node: "kube-0", paths: ["/b"] },
      ],
      "got node kube-0 twice. Allowed: once. Merge its paths.",
    ],
    ["the default again", [{ node: OTHERS, paths: ["/a"] }], `got node ${OTHERS} twice`],
  ])("refuses %s of a node", (_what, nodePaths, message) => {
    expect(() => nodePathMap("/data", nodePaths)).toThrow(message);
  });

  test("says every mistake at once", () => {
    expect(() => nodePathMap("data", [{ node: "kube-0", paths: ["/", "/a", "/a"] }])).toThrow(
      /"data"[^\n]*\n[^\n]*"\/" of node kube-0[^\n]*\n[^\n]*\/a of node kube-0 twice/,
    );
  });
});

test("the class keeps released volumes, binds to the first consumer and finds its folders again", () => {
  expect(view().resource("kubernetes_storage_class_v1.local_path")).toMatchObject({
    metadata: { name: "local-path" },
    storage_provisioner: "rancher.io/local-path",
    reclaim_policy: "Retain",
    volume_binding_mode: "WaitForFirstConsumer",
    parameters: { pathPattern: "{{ .PVC.Namespace }}/{{ .PVC.Name }}/" },
  });
});

test("volumes are of the type local, which a kubelet refuses where their folder is not there", () => {
  const one = view({ classes: [{ name: "fast", path: "/fast" }] });
  for (const name of ["local_path", "local_path_fast"])
    expect(at(one.resource(`kubernetes_storage_class_v1.${name}`) as never, "metadata.annotations")).toEqual({
      defaultVolumeType: "local",
    });
});

test("every class without a folder of its own has the nodes' own", () => {
  const nodePaths = [{ node: "kube-0", paths: ["/opt/node-volumes/kube-0"] }];
  const { data } = only(
    view({ nodePaths, classes: [{ name: "slow", path: "/opt/local-path-provisioner", nodePaths }] }),
    "kubernetes_config_map_v1",
  ) as { data: Record<string, string> };
  const map = { nodePathMap: [{ node: OTHERS, paths: ["/opt/local-path-provisioner"] }, ...nodePaths] };
  expect(JSON.parse(data["config.json"] ?? "")).toEqual({ storageClassConfigs: { "local-path": map, slow: map } });
});

test("the class is no site's default: a claim that forgets to name one is not placed by chance", () => {
  expect(JSON.stringify(view().resource("kubernetes_storage_class_v1.local_path"))).not.toContain("is-default-class");
});

test("the provisioner starts with its map and its rights, and again when the map changes", () => {
  const one = view();
  const [deployment] = one.resources("kubernetes_deployment_v1");
  const needed = [...before(one, deployment?.address ?? "")];
  for (const type of [
    "kubernetes_config_map_v1",
    "kubernetes_service_account_v1",
    "kubernetes_role_v1",
    "kubernetes_role_binding_v1",
    "kubernetes_cluster_role_v1",
    "kubernetes_cluster_role_binding_v1",
  ])
    expect(needed).toContain(one.resources(type)[0]?.address);
  expect([...before(one, "kubernetes_storage_class_v1.local_path")]).toContain(deployment?.address);
  const revision = (paths: string[]) =>
    at(
      only(view({ nodePaths: [{ node: "kube-0", paths }] }), "kubernetes_deployment_v1"),
      "spec.template.metadata.annotations",
    );
  expect(revision(["/a"])).toEqual(revision(["/a"]));
  expect(revision(["/a"])).not.toEqual(revision(["/b"]));
});

test("wrong paths stop the synthesis", () => {
  expect(() => view({ defaultPath: "data" })).toThrow("Allowed: an absolute folder below /");
});

test("helpers make and remove the folder of one volume", () => {
  const { data } = only(view(), "kubernetes_config_map_v1") as { data: Record<string, string> };
  expect(Object.keys(data).sort()).toEqual(["config.json", "helperPod.yaml", "setup", "teardown"]);
  for (const script of ["setup", "teardown"]) expect(data[script]).toMatch(/^#!\/bin\/sh\nset -eu\n.*"\$VOL_DIR"\n$/);
  expect(readYaml(data["helperPod.yaml"] ?? "")).toMatchObject({
    kind: "Pod",
    spec: { containers: [{ name: "helper-pod", image: "docker.io/library/busybox:1.37.0" }] },
  });
});

test("may read nodes and claims, and write volumes and its own pods only", () => {
  const one = view();
  const rules = (type: string) => at(only(one, type), "rule") as { resources: string[]; verbs: string[] }[];
  const writes = (type: string) =>
    rules(type)
      .filter(({ verbs }) => verbs.includes("delete"))
      .flatMap(({ resources }) => resources);
  expect(writes("kubernetes_cluster_role_v1")).toEqual(["persistentvolumes"]);
  expect(writes("kubernetes_role_v1")).toEqual(["pods"]);
  for (const type of ["kubernetes_cluster_role_v1", "kubernetes_role_v1"])
    for (const { resources, verbs } of rules(type)) expect([...resources, ...verbs]).not.toContain("*");
});
