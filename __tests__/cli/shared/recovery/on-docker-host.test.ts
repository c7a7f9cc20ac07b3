import { createHash } from "node:crypto";
import { joinTokenOf, recoveryOnDockerHost } from "../../../../cli/shared/recovery/on-docker-host";
import type { DockerResource } from "../../../../cli/shared/site/stack-facts";
import type { State } from "../../../../cli/shared/terraform/terraform";
import { dockerHost } from "../../support";

const HOST = "unix:///run/docker.sock";
const TOKEN = "K10abc::server:secret";
const thing = (kind: DockerResource["kind"], name: string): DockerResource => ({
  address: `docker_${kind}.${name}`,
  kind,
  name,
  host: HOST,
});
const UNKNOWN = [thing("container", "master"), thing("volume", "master-k3s"), thing("volume", "master-log")];

const left = (token: string | undefined, volumes: string[] = ["master-k3s", "master-log"], empty: string[] = []) => {
  const removed: string[] = [];
  const host = dockerHost({
    containers: () => Promise.resolve(["master", "other"]),
    volumes: () => Promise.resolve(["master-k3s", "master-log", "other"]),
    emptyVolumes: () => Promise.resolve(empty),
    container: () => Promise.resolve({ env: ["PATH=/bin", `K3S_TOKEN=${TOKEN}`], volumes }),
    remove: (name) => Promise.resolve(void removed.push(name)),
  });
  return { removed, found: recoveryOnDockerHost(HOST, host, UNKNOWN, token) };
};

test("the token is that of the state's authority and password", () => {
  const resource = (type: string, name: string, attributes: object) => ({
    mode: "managed",
    type,
    name,
    instances: [{ attributes }],
  });
  const state = {
    resources: [
      resource("tls_self_signed_cert", "client-ca", { cert_pem: "other" }),
      resource("tls_self_signed_cert", "server-ca", { cert_pem: "PEM\n" }),
      resource("random_password", "token", { result: "secret" }),
    ],
  } as State;
  expect(joinTokenOf(state)).toBe(`K10${createHash("sha256").update("PEM\n").digest("hex")}::server:secret`);
  expect(joinTokenOf({})).toBeUndefined();
});

test("a container with the cluster's token is removed, its volumes are taken in, none is removed", async () => {
  const { removed, found } = left(TOKEN);
  const { imports, steps, obstacles } = await found;
  expect(obstacles).toEqual([]);
  expect(imports).toEqual([
    { address: "docker_volume.master-k3s", id: "master-k3s" },
    { address: "docker_volume.master-log", id: "master-log" },
  ]);
  for (const { run } of steps) await run();
  expect(removed).toEqual(["master"]);
});

test.each([
  ["another token", "K10abc::server:other"],
  ["no token in the state", undefined],
])("with %s container and volumes are somebody else's", async (_what, token) => {
  const { imports, steps, obstacles } = await left(token).found;
  expect([imports, steps]).toEqual([[], []]);
  expect(obstacles).toEqual([
    expect.stringMatching(/^container master on .*docker rm --force master`$/),
    expect.stringMatching(/^Docker volume master-k3s, master-log on .*docker volume rm master-k3s master-log`$/),
  ]);
});

test("an empty volume is taken in, whoever made it; a full one that nothing of ours mounts is not", async () => {
  const { imports, obstacles } = await left(TOKEN, ["master-k3s"], []).found;
  expect(imports.map(({ id }) => id)).toEqual(["master-k3s"]);
  expect(obstacles).toEqual([expect.stringMatching(/^Docker volume master-log /)]);
  const empty = await left(TOKEN, ["master-k3s"], ["master-log"]).found;
  expect(empty.imports.map(({ id }) => id)).toEqual(["master-k3s", "master-log"]);
  expect(empty.obstacles).toEqual([]);
});
