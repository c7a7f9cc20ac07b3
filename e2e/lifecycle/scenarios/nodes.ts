/** What happens to nodes, in real containers: an upgrade, a lost agent, an image that is not there, and whom they trust. */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../../../cli/shared/terminal/context";
import { messageOf } from "../../../ground/errors";
import { Cluster } from "../../../cli/shared/kubernetes/client";
import { until } from "../../../cli/shared/process/until";
import type { Stack } from "../../../cli/shared/site/program";
import { freeApiPort } from "../../rehearsal/control-plane/free-port";
import { LocalDocker, localDockerAddress } from "../../rehearsal/control-plane/local-docker";
import { isolatedCluster } from "../../rehearsal/control-plane/site-cluster";
import { inside, type Json, type ObjectJson } from "../../../synthesized/stack";
import type { State } from "../../../cli/shared/terraform/terraform";
import { CLUSTER_DEFAULTS } from "../../../environments/systems/cluster/defaults";
import { parseEnvironment } from "../../../environments/parse";
import type { Environment } from "../../../environments/schema";
import { smallest } from "../site/smallest";
import { type Deployed, expect, type TestSite } from "../site/test-site";
import { administrator, presented, TLS_FOLDER, uploadsOf } from "./certificates";

const { image: IMAGE, version: NEW } = CLUSTER_DEFAULTS.k3s;
/** The patch before; where there is none, that of the first one after it. */
const OLD = NEW.replace(/\.(\d+)-/, (_all, patch: string) => `.${Math.max(0, Number(patch) - 1)}-`);

/** Name of the agent, behind the prefix. */
const AGENT = "kube-0";

/** A repository that nobody has: the port is reserved for throwing away. */
const NOWHERE = "127.0.0.1:9/efd/k3s";

const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "kept" }, data: { kept: "yes" } };
const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

/** Seconds that a node may take to come back. */
const PATIENCE = 300;

/** A made-up site whose cluster layer is applied to this machine's Docker. */
export class Nodes {
  /** Prefix of the names of all its containers and volumes; nothing else has it. */
  readonly prefix = `efd-lifecycle-${randomBytes(4).toString("hex")}`;
  private deployed: Promise<void> | undefined;
  private port = 0;

  constructor(
    private readonly testSite: TestSite,
    readonly docker: LocalDocker,
  ) {}

  private get folder(): string {
    return this.testSite.folder;
  }

  /** Name of the server's container and node. */
  get server(): string {
    return `${this.prefix}-${CLUSTER_DEFAULTS.k3s.serverName}`;
  }

  /** Name of the agent's container and node. */
  get agent(): string {
    return `${this.prefix}-${AGENT}`;
  }

  /** URL of the API, as an agent beside the server reaches it. */
  get urlFromBridge(): string {
    return `https://host.docker.internal:${this.port}`;
  }

  get apiPort(): number {
    return this.port;
  }

  /** The API, by the kubeconfig that the layer wrote. */
  get api(): Cluster {
    return new Cluster({ file: join(this.folder, ".access", "toy.kubeconfig") });
  }

  /** The site with this release of k3s. */
  site(version: string, image: string = IMAGE): Environment {
    const environment = parseEnvironment({
      ...smallest("/none", "/none"),
      chartSource: "upstream",
      cluster: { kind: "k3s", version, image, address: "127.0.0.1", agents: [{ name: AGENT }] },
    });
    return isolatedCluster(environment, {
      prefix: this.prefix,
      dockerHost: this.docker.address,
      apiPort: this.port,
      hostPath: join(this.folder, "data"),
    });
  }

  /** Deploys the cluster layer once, with the earlier release. */
  async up(): Promise<this> {
    this.deployed ??= (async () => {
      mkdirSync(join(this.folder, "data"), { recursive: true });
      this.port = await freeApiPort();
      await this.settle(this.site(OLD));
    })();
    await this.deployed;
    return this;
  }

  /** Deploys the cluster layer, whatever comes of it. */
  deploy(site: Environment, dryRun = false): Promise<Deployed> {
    return this.testSite.deploy(site, { layers: ["cluster"], dryRun });
  }

  /** Deploys the cluster layer, and expects a second plan to be empty. */
  async settle(site: Environment): Promise<Deployed> {
    const deployed = await this.deploy(site);
    const [{ status, lines } = { status: "absent", lines: [] }] = deployed.results;
    expect(status === "applied" || status === "unchanged", `the cluster layer ${status}: ${lines.join("; ")}`);
    const [again] = (await this.deploy(site, true)).results;
    expect(again?.status === "unchanged", `a second plan is not empty: ${again?.lines.join("; ")}`);
    return deployed;
  }

  /** The cluster layer's stack of a site, and its state. */
  async layer(site: Environment): Promise<{ stack: Stack; state: State }> {
    const { session } = this.testSite.session(site);
    await session.applied("cluster");
    return { stack: session.stack("cluster"), state: await session.terraform("cluster").statePull() };
  }

  /** A node's object. */
  async node(name: string): Promise<ObjectJson> {
    const node = await this.api.get(`/api/v1/nodes/${name}`);
    expect(node !== undefined, `there is no node ${name}`);
    return node;
  }

  /** Waits until a node was heard of after a moment (`Date.now()`); the cluster's clock is this machine's. */
  async back(name: string, after: number): Promise<void> {
    const path = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`;
    const heard = await until(PATIENCE, async () => {
      const lease = await this.api.get(path).catch(() => undefined);
      return Date.parse(String(inside(lease, "spec", "renewTime"))) > after || undefined;
    });
    expect(heard === true, `node ${name} did not come back in ${PATIENCE} s`);
  }

  /** The file by which the server knows a node again. */
  async identity(node: string): Promise<string> {
    const found = (await this.docker.files(node, "/etc/rancher/node")).get("password");
    expect(found !== undefined && found !== "", `${node} has no identity`);
    return found;
  }

  /** The token that a container was told. */
  async token(container: string): Promise<string> {
    const env = (await this.docker.container(container))?.env ?? [];
    return env.find((one) => one.startsWith("K3S_TOKEN="))?.replace("K3S_TOKEN=", "") ?? "";
  }

  /** Loses nodes, volumes and state; the next scenario deploys them anew. */
  async abandon(): Promise<void> {
    await this.testSite.abandon();
    await this.down();
    this.deployed = undefined;
  }

  /** Removes everything, also after an interruption. */
  async down(): Promise<void> {
    const left = this.deployed ? await this.docker.sweep(this.prefix) : [];
    if (left.length > 0) throw new Error(`not removed from Docker: ${left.join(", ")}`);
  }
}

/** Why nodes cannot run here; a place for them where they can. */
export async function nodesHere(testSite: TestSite, context: Context): Promise<Nodes | string> {
  try {
    const docker = new LocalDocker(localDockerAddress(context.env), context.run);
    await docker.version();
    for (const image of [`${IMAGE}:${OLD}`, `${IMAGE}:${NEW}`])
      if (!(await docker.hasImage(image))) return `Docker has no image ${image}`;
    return new Nodes(testSite, docker);
  } catch (error) {
    return `Docker does not answer: ${messageOf(error)}`;
  }
}

/** What an upload of the layer says, with the values of its state. */
function filled(text: string, state: State): string {
  return text.replace(/\$\{(\w+)\.([\w-]+)\.(\w+)\}/g, (_all, type: string, name: string, key: string) => {
    const found = state.resources?.find((one) => one.type === type && one.name === name);
    return String(found?.instances[0]?.attributes?.[key]);
  });
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The server has exactly the layer's authorities and no others, presents their certificate, and lets their administrator in. */
export async function nodeCertificates(nodes: Nodes): Promise<string> {
  const { stack, state } = await nodes.layer(nodes.site(OLD));
  const server = stack.resource(`docker_container.${nodes.server}`);
  const uploads = uploadsOf(server).map(({ name, content }) => ({ name, content: filled(content, state) }));
  expect(uploads.length >= 11, `the layer uploads ${uploads.length} files of authorities`);
  const there = await nodes.docker.files(nodes.server, TLS_FOLDER);
  const other = uploads.filter(({ name, content }) => there.get(name) !== content).map(({ name }) => name);
  expect(other.length === 0, `the server runs with other files than the layer made: ${other.join(", ")}`);
  const authority = uploads.find(({ name }) => name === "server-ca.crt")?.content ?? "";
  expect((await presented(nodes.apiPort)) === authority, "the API presents another authority than the layer made");
  const token = await nodes.token(nodes.agent);
  expect(token.startsWith(`K10${sha256(authority)}::server:`), "the agent's token has another authority's hash");
  return `${uploads.length} files as the layer made them, ${await administrator(nodes.api)}`;
}

/** An agent whose container was removed comes back as itself; who has another token is not let in. */
export async function agentReplaced(nodes: Nodes): Promise<string> {
  const { docker, agent } = nodes;
  await nodes.back(agent, 0);
  const [before, identity] = [await nodes.node(agent), await nodes.identity(agent)];
  await docker.kill(agent);
  const moment = Date.now();
  const { done } = await nodes.settle(nodes.site(OLD));
  expect(
    done.join() === `docker_container.${agent}`,
    `a deployment after the container was removed does ${done.join(", ") || "nothing"}`,
  );
  await nodes.back(agent, moment);
  const after = await nodes.node(agent);
  expect(after.metadata["uid"] === before.metadata["uid"], `node ${agent} is another one than before`);
  expect((await nodes.identity(agent)) === identity, `node ${agent} has another identity than before`);

  const token = await nodes.token(agent);
  const [, hash = "", password = ""] = /^K10(\w+)::server:(.+)$/.exec(token) ?? [];
  expect(password !== "", "the agent's token is not in its full form, so the agent trusts whatever server answers");
  const strangers = {
    authority: [`K10${sha256(hash)}::server:${password}`, /CA hash does not match/],
    password: [`K10${hash}::server:${sha256(password)}`, /401|Unauthorized|not authorized/i],
  } as const;
  for (const [what, [wrong, reason]] of Object.entries(strangers)) {
    const name = `${nodes.prefix}-stranger-${what}`;
    await docker.start(name, {
      image: `${IMAGE}:${OLD}`,
      command: ["agent", "--node-name", name],
      env: [`K3S_URL=${nodes.urlFromBridge}`, `K3S_TOKEN=${wrong}`],
      hosts: ["host.docker.internal:host-gateway"],
    });
    const told = await until(PATIENCE, async () => {
      const found = reason.test(await docker.logs(name)) || undefined;
      expect((await nodes.api.get(`/api/v1/nodes/${name}`)) === undefined, `an agent with another ${what} was let in`);
      return found;
    });
    expect(told === true, `an agent with another ${what} was not told why it may not join`);
    await docker.kill(name);
  }
  return "the same node with its identity; another authority and another password: refused";
}

/** An image that cannot be pulled: one line, and the old server keeps running. */
export async function imageMissing(nodes: Nodes): Promise<string> {
  const before = await nodes.docker.stateOf(nodes.server);
  const version = before?.image.split(":").at(-1) ?? OLD;
  const { results } = await nodes.deploy(nodes.site(version, NOWHERE));
  const [{ status, lines } = { status: "absent", lines: [] as readonly string[] }] = results;
  expect(status === "failed", `the deployment ${status}`);
  expect(
    lines.length === 1 && /^image .* cannot be pulled on .*, nothing was changed: /.test(lines[0] ?? ""),
    `the deployment says ${lines.join("; ")}`,
  );
  const after = await nodes.docker.stateOf(nodes.server);
  expect(after?.running === true && after.id === before?.id, "the old server does not run any more");
  await nodes.node(nodes.server);
  return `the old server runs, and: ${lines[0] ?? ""}`;
}

/** A later patch of k3s: containers are replaced, and everything that they knew is there. */
export async function imageBump(nodes: Nodes): Promise<string> {
  const { docker, server, agent, api } = nodes;
  for (const name of [server, agent]) await nodes.back(name, 0);
  if (!(await api.get(`${CONFIG_MAPS}/kept`))) await api.create(CONFIG_MAPS, CONFIG_MAP);
  const about = async () => ({
    kept: uidOf(await api.get(`${CONFIG_MAPS}/kept`)),
    nodes: [uidOf(await nodes.node(server)), uidOf(await nodes.node(agent))].join(),
    identities: [await nodes.identity(server), await nodes.identity(agent)].join(),
  });
  const [before, container] = [await about(), (await docker.stateOf(server))?.id];
  const moment = Date.now();
  const { done } = await nodes.settle(nodes.site(NEW));
  const others = done.filter((address) => !/^docker_(image|container)\./.test(address));
  expect(others.length === 0, `the upgrade also changes ${others.join(", ")}`);
  expect((await docker.stateOf(server))?.id !== container, "the server's container is still the old one");
  for (const name of [server, agent]) await nodes.back(name, moment);
  const after = await about();
  for (const key of ["kept", "nodes", "identities"] as const)
    expect(after[key] === before[key] && after[key] !== "", `${key}: ${before[key]} became ${after[key]}`);
  for (const name of [server, agent]) {
    const release = async () => String(inside((await nodes.node(name))["status"], "nodeInfo", "kubeletVersion"));
    const isNew = await until(PATIENCE, async () => (await release()) === NEW.replace("-", "+") || undefined);
    expect(isNew === true, `node ${name} still says ${await release()}`);
  }
  return `${OLD} → ${NEW}: cluster, objects and both nodes are the same, second plan empty`;
}

const uidOf = (object: Json | undefined): string => String(inside(object, "metadata", "uid"));
