import { UserError } from "../../../../ground/errors";
import { DESTROY_CHECKS, checkSite } from "../../../../cli/shared/checks/checks";
import type { CheckedSite } from "../../../../cli/shared/checks/site-check";
import type { Stack } from "../../../../cli/shared/site/program";
import { StackView, type TerraformJson } from "../../../../synthesized/stack";
import { parseEnvironment } from "../../../../environments/parse";
import type { Layer } from "../../../../environments/derived/layers";
import { gkeSite, siteWith } from "../../../support/environment";
import { dockerHost, surroundings } from "../../support";

const HOST = "ssh://host.example.org";
const AGENT_HOST = "ssh://agent.example.org";

const cluster: TerraformJson = {
  provider: {
    docker: [
      { alias: "master", host: HOST },
      { alias: "kube-0", host: AGENT_HOST },
    ],
  },
  resource: {
    docker_container: {
      master: { provider: "docker.master", name: "master" },
      "kube-0": { provider: "docker.kube-0", name: "kube-0" },
    },
    docker_volume: { "master-k3s": { provider: "docker.master", name: "master-k3s" } },
  },
};

const efd: TerraformJson = {
  variable: {
    vault_token: { description: "token of Vault", sensitive: true },
    given: { default: "x" },
  },
};

function stack(layer: Layer, json: TerraformJson): Stack {
  return new StackView("toy", layer, JSON.stringify(json), []);
}

function subject(changes: Partial<CheckedSite> = {}): CheckedSite {
  return {
    environment: parseEnvironment(
      siteWith({ "cluster.agents": [{ name: "kube-0", dockerHost: AGENT_HOST }], "cluster.hostPath": "/data" }),
    ),
    stacks: [stack("cluster", cluster), stack("efd", {})],
    ...changes,
  };
}

test("says nothing where all is well", async () => {
  expect(await checkSite(subject(), surroundings())).toEqual([]);
});

test.each([
  [
    "no Terraform",
    { terraformVersion: () => Promise.resolve(undefined) },
    /^Terraform was not found: install Terraform 1\.11/,
  ],
  [
    "an old Terraform",
    { terraformVersion: () => Promise.resolve("1.10.5") },
    /^Terraform 1\.10\.5 is too old: install/,
  ],
  ["KUBECONFIG", { env: { KUBECONFIG: "/x" } }, /^KUBECONFIG would make .*: unset KUBECONFIG$/],
  [
    "two variables that redirect",
    { env: { KUBE_HOST: "x", DOCKER_CONTEXT: "y" } },
    /^DOCKER_CONTEXT, KUBE_HOST would make .*: unset DOCKER_CONTEXT KUBE_HOST$/,
  ],
  [
    "a Docker host that does not answer",
    {
      docker: (address: string) =>
        dockerHost(address === AGENT_HOST ? { version: () => Promise.reject(new Error("timed out")) } : {}),
    },
    /^Docker host ssh:\/\/agent\.example\.org does not answer \(timed out\): see that `ssh -o BatchMode=yes/,
  ],
  [
    "taken ports of the server's host",
    {
      docker: (address: string) =>
        dockerHost(address === HOST ? { listening: () => Promise.resolve(new Set([443, 6443, 31090])) } : {}),
    },
    /^port 6443, 443 of ssh:\/\/host\.example\.org are taken: stop what listens there/,
  ],
  [
    "a taken port of an agent's host, where only the kubelet listens",
    {
      docker: (address: string) =>
        dockerHost(address === AGENT_HOST ? { listening: () => Promise.resolve(new Set([443, 10250])) } : {}),
    },
    /^port 10250 of ssh:\/\/agent\.example\.org is taken/,
  ],
  [
    "a container of somebody else",
    {
      docker: (address: string) =>
        dockerHost({ containers: () => Promise.resolve(address === HOST ? ["master"] : []) }),
    },
    /^container master on ssh:\/\/host\.example\.org is not in this site's state: .*docker rm/,
  ],
  [
    "a cluster's volume that the state does not know",
    {
      docker: (address: string) =>
        dockerHost({ volumes: () => Promise.resolve(address === HOST ? ["master-k3s"] : []) }),
    },
    /^Docker volume master-k3s on ssh:\/\/host\.example\.org belongs to a cluster .*docker volume rm/,
  ],
  [
    "data below the host path",
    {
      docker: (address: string) =>
        dockerHost({ hasFiles: (path) => Promise.resolve(address === HOST && path === "/data") }),
    },
    /^\/data of ssh:\/\/host\.example\.org holds data .*--reuse-data/,
  ],
  [
    "a provider that cannot be had",
    {
      applied: (layer: Layer) =>
        layer === "efd"
          ? Promise.reject(new UserError("provider hashicorp/helm is not available: x"))
          : Promise.resolve([]),
    },
    /^toy-efd: provider hashicorp\/helm is not available: x$/,
  ],
])("%s is one line with its remedy", async (_what, changes, line) => {
  expect(await checkSite(subject(), surroundings(changes))).toEqual([expect.stringMatching(line)]);
});

test.each([
  [{ cgroups: 1 }, "has control groups of version 1"],
  [{ filtersBridges: false }, "lacks the kernel module br_netfilter"],
  [{ inotifyInstances: 128 }, "allows 128 inotify instances"],
  [{ memoryMaps: 65530 }, "lets a program have 65530 parts of files in memory"],
] as const)("a kernel on which k3s fails: %j", async (lacking, words) => {
  const kernel = () =>
    Promise.resolve({ inotifyInstances: 8192, filtersBridges: true, cgroups: 2 as const, ...lacking });
  const around = surroundings({ docker: (address) => dockerHost(address === AGENT_HOST ? { kernel } : {}) });
  expect(await checkSite(subject(), around)).toEqual([expect.stringContaining(`${AGENT_HOST} ${words}`)]);
  expect(await checkSite(subject(), around, DESTROY_CHECKS)).toEqual([]);
});

test("control groups of version 1 are let through where the site's file allows them", async () => {
  const kernel = () => Promise.resolve({ inotifyInstances: 8192, filtersBridges: true, cgroups: 1 as const });
  const around = surroundings({ docker: () => dockerHost({ kernel }) });
  const environment = parseEnvironment(siteWith({ "cluster.allowCgroupV1": true }));
  expect(await checkSite(subject({ environment }), around)).toEqual([]);
  expect(await checkSite(subject(), around)).toEqual([
    expect.stringMatching(/ unless it is told to: boot it with .* or set cluster\.allowCgroupV1 /),
    expect.anything(),
  ]);
});

test("a missing input is named with its meaning and how to give it", async () => {
  const stacks = [stack("efd", efd)];
  expect(await checkSite(subject({ stacks }), surroundings())).toEqual([
    "input vault_token is missing (token of Vault): export TF_VAR_vault_token=…",
  ]);
  expect(await checkSite(subject({ stacks }), surroundings({ env: { TF_VAR_vault_token: "x" } }))).toEqual([]);
});

test("the kubeconfig of a cluster that is not ours must be there", async () => {
  const environment = parseEnvironment(
    siteWith({ cluster: { kind: "existing", kubeconfig: "/etc/kubeconfig", address: "192.0.2.1" } }),
  );
  const lines = await checkSite(
    subject({ environment, stacks: [stack("efd", {})] }),
    surroundings({ fileExists: () => false }),
  );
  expect(lines).toEqual([expect.stringMatching(/^\/etc\/kubeconfig does not exist: put the kubeconfig of .* there$/)]);
});

test("everything is reported at once", async () => {
  const lines = await checkSite(
    subject({ stacks: [stack("cluster", cluster), stack("efd", efd)] }),
    surroundings({
      env: { HELM_NAMESPACE: "x" },
      terraformVersion: () => Promise.resolve(undefined),
      docker: (address) =>
        dockerHost(
          address === HOST
            ? { listening: () => Promise.resolve(new Set([80])) }
            : { version: () => Promise.reject(new Error("x")) },
        ),
    }),
  );
  expect(lines.map((line) => line.split(" ")[0])).toEqual(["Terraform", "HELM_NAMESPACE", "input", "Docker", "port"]);
});

test("what the state knows is not foreign, and its ports are its own", async () => {
  const ours = surroundings({
    applied: () => Promise.resolve(["docker_container.master", "docker_container.kube-0", "docker_volume.master-k3s"]),
    docker: () =>
      dockerHost({
        containers: () => Promise.resolve(["master", "kube-0"]),
        volumes: () => Promise.resolve(["master-k3s"]),
        hasFiles: () => Promise.resolve(true),
        listening: () => Promise.resolve(new Set([80, 443, 6443, 10250])),
      }),
  });
  expect(await checkSite(subject(), ours)).toEqual([]);
});

test("data can be taken over on purpose", async () => {
  const around = surroundings({ docker: () => dockerHost({ hasFiles: () => Promise.resolve(true) }) });
  expect(await checkSite(subject(), around)).toHaveLength(2);
  const kept = surroundings({
    docker: () => dockerHost({ hasFiles: (path) => Promise.resolve(path === "/data" || path === "/data/chronograf") }),
  });
  expect(await checkSite(subject({ reuseData: true }), kept)).toEqual([]);
});

test("data that a new cluster cannot use are not taken over", async () => {
  const below = ["/data", "/data/kafka", "/data/influxdb"];
  const around = surroundings({
    docker: (address) => dockerHost({ hasFiles: (path) => Promise.resolve(address === HOST && below.includes(path)) }),
  });
  const { environment } = subject();
  const withSecrets = (kind: string) =>
    subject({ reuseData: true, environment: { ...environment, secrets: { ...environment.secrets, kind } as never } });
  const kafka = /^\/data of ssh:\/\/host\.example\.org holds in kafka volumes .* another id, .*: move them away$/;
  expect(await checkSite(withSecrets("vault"), around)).toEqual([expect.stringMatching(kafka)]);
  expect(await checkSite(withSecrets("generated"), around)).toEqual([
    expect.stringMatching(kafka),
    expect.stringMatching(/^\/data of .* holds in influxdb an InfluxDB .* passwords generated .*: move it away$/),
  ]);
  expect(await checkSite({ ...withSecrets("generated"), secretsAreKept: true }, around)).toEqual([
    expect.stringMatching(kafka),
  ]);
});

test("upper layers ask nothing of Docker", async () => {
  const around = surroundings({ docker: () => dockerHost({ version: () => Promise.reject(new Error("off")) }) });
  expect(await checkSite(subject({ stacks: [stack("efd", {})] }), around)).toEqual([]);
});

test("a destroy does not ask whose things they are", async () => {
  const around = surroundings({ docker: () => dockerHost({ listening: () => Promise.resolve(new Set([80])) }) });
  expect(await checkSite(subject(), around)).not.toEqual([]);
  expect(await checkSite(subject(), around, DESTROY_CHECKS)).toEqual([]);
});

test("Terraform is not asked while its own variables lead it elsewhere", async () => {
  const applied = jest.fn();
  for (const name of ["TF_WORKSPACE", "TF_REATTACH_PROVIDERS", "AWS_ENDPOINT_URL_S3", "https_proxy"]) {
    const lines = await checkSite(subject(), surroundings({ env: { [name]: "x" }, applied }));
    expect(lines).toEqual([
      `${name} would make Terraform or a provider use something else than the site says: unset ${name}`,
    ]);
  }
  expect(applied).not.toHaveBeenCalled();
});

describe("a site on GKE", () => {
  const bucket: TerraformJson = { variable: { state_bucket: { description: "bucket of the states" } } };
  const gke = (layers: readonly Layer[] = ["cluster", "platform"], json: TerraformJson = bucket): CheckedSite => ({
    environment: parseEnvironment(gkeSite()),
    stacks: layers.map((layer) => stack(layer, json)),
  });
  const env = { TF_VAR_state_bucket: "some-bucket" };

  test("asks for no Docker host and no port", async () => {
    const docker = jest.fn();
    expect(await checkSite(gke(), surroundings({ env, docker }))).toEqual([]);
    expect(docker).not.toHaveBeenCalled();
  });

  test("a bucket that nobody named is one line, and no state is looked for", async () => {
    const applied = jest.fn();
    expect(await checkSite(gke(), surroundings({ applied }))).toEqual([
      "input state_bucket is missing (bucket of the states): export TF_VAR_state_bucket=…",
    ]);
    expect(applied).not.toHaveBeenCalled();
  });

  test("the program that logs in is needed above the cluster layer only", async () => {
    const around = surroundings({ env, programExists: () => Promise.resolve(false) });
    expect(await checkSite(gke(), around)).toEqual([
      "gke-gcloud-auth-plugin, which logs in to GKE, was not found: install it with gcloud components install gke-gcloud-auth-plugin",
    ]);
    expect(await checkSite(gke(["cluster"]), around)).toEqual([]);
    expect(await checkSite(subject(), surroundings({ programExists: () => Promise.resolve(false) }))).toEqual([]);
  });
});
