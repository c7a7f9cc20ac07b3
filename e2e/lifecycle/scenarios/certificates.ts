/** An API server that is started with the files that the cluster layer uploads, and nothing else. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { connect } from "node:tls";
import type { Context } from "../../../cli/shared/terminal/context";
import { Cluster } from "../../../cli/shared/kubernetes/client";
import { synthesize } from "../../../cli/shared/site/synthesis";
import { inside, type Json } from "../../../synthesized/stack";
import { parseEnvironment } from "../../../environments/parse";
import { smallest } from "../site/smallest";
import { expect, type TestSite } from "../site/test-site";
import { isInsideCluster } from "../../../environments/derived/layers";

/** Where k3s keeps its authorities. */
export const TLS_FOLDER = "/var/lib/rancher/k3s/server/tls";

/** The files of authorities that a layer gives its server, by their name below {@link TLS_FOLDER}. */
export function uploadsOf(server: Json): { name: string; content: string }[] {
  return (server["upload"] as { file: string; content: string }[]).flatMap(({ file, content }) =>
    file.startsWith(`${TLS_FOLDER}/`) ? [{ name: file.slice(TLS_FOLDER.length + 1), content }] : [],
  );
}

/** What the cluster layer made, without a cluster. */
interface Made {
  /** Folder in the layout of k3s's `server/tls`. */
  readonly tls: string;
  readonly kubeconfig: string;
  readonly token: string;
}

/** Applies the resources of a cluster layer that make keys, and lays out what its server is given. */
async function make(context: Context, folder: string, port: number): Promise<Made> {
  const site = parseEnvironment({
    ...smallest("/none", "/none"),
    chartSource: "upstream",
    cluster: { kind: "k3s", dockerHost: "unix:///none.sock", address: "127.0.0.1", apiPort: port },
  });
  const stack = synthesize([site], join(folder, "cdktf.out")).find(({ layer }) => !isInsideCluster(layer));
  expect(stack !== undefined, "there is no cluster layer");
  const server = stack.resource("docker_container.master");
  const uploads = uploadsOf(server);
  const { terraform, provider, resource } = structuredClone(stack.json) as Record<string, Json>;
  const ours = (section: Json | undefined) =>
    Object.fromEntries(Object.entries(section ?? {}).filter(([name]) => !name.startsWith("docker")));
  const program = {
    terraform: { ...terraform, required_providers: ours(terraform?.["required_providers"] as Json) },
    provider: ours(provider),
    resource: ours(resource),
    output: Object.fromEntries(
      [...uploads.map(({ name, content }) => [name, content]), ["token", (server["env"] as string[])[0]]].map(
        ([name = "", value]) => [name.replace(/\W/g, "_"), { value, sensitive: true }],
      ),
    ),
  };
  writeFileSync(join(stack.folder, "cdk.tf.json"), JSON.stringify(program));
  const terraformIn = async (...args: string[]) => {
    const { code, stdout, stderr } = await context.run("terraform", args, { cwd: stack.folder, env: context.env });
    expect(code === 0, `terraform ${args[0]}: ${stderr.trim()}`);
    return stdout;
  };
  await terraformIn("init", "-input=false", "-no-color");
  await terraformIn("apply", "-auto-approve", "-input=false", "-no-color");
  const outputs = JSON.parse(await terraformIn("output", "-json")) as Record<string, { value: string }>;
  const tls = join(folder, "tls");
  for (const { name } of uploads) {
    mkdirSync(dirname(join(tls, name)), { recursive: true });
    writeFileSync(join(tls, name), outputs[name.replace(/\W/g, "_")]?.value ?? "", { mode: 0o600 });
  }
  const token = (outputs["token"]?.value ?? "").replace(/^K3S_TOKEN=/, "");
  return { tls, kubeconfig: join(folder, ".access", "toy.kubeconfig"), token };
}

/** The authority that a server presents, PEM; whether it is to be believed is what the caller finds out. */
export function presented(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
      const raw = socket.getPeerCertificate(true).issuerCertificate.raw.toString("base64");
      socket.end();
      resolve(`-----BEGIN CERTIFICATE-----\n${(raw.match(/.{1,64}/g) ?? []).join("\n")}\n-----END CERTIFICATE-----\n`);
    });
    socket.on("error", reject);
  });
}

/** Asks an API who one is. */
function whoAmI(api: Cluster): Promise<Json> {
  const question = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  return api.create("/apis/authentication.k8s.io/v1/selfsubjectreviews", question);
}

/** Expects to be the administrator of a cluster; the name and the groups. */
export async function administrator(api: Cluster): Promise<string> {
  const who = inside(await whoAmI(api), "status", "userInfo");
  const { username, groups = [] } = who as { username?: string; groups?: string[] };
  const shown = `${username} of ${groups.join(", ")}`;
  expect(username === "system:admin" && groups.includes("system:masters"), `logged in as ${shown}`);
  return shown;
}

/**
 * The computed kubeconfig logs in as administrator, the token names the server's authority, another authority is
 * refused. The site of all other scenarios lives on this cluster.
 */
export async function certificateScenario(context: Context, testSite: TestSite): Promise<string> {
  const port = await testSite.apiPort();
  const made = await make(context, join(testSite.folder, "pki", "own"), port);
  const other = await make(context, join(testSite.folder, "pki", "other"), port);
  await testSite.up("--ca-dir", made.tls);
  const name = await administrator(new Cluster({ file: made.kubeconfig }));
  const hash = createHash("sha256")
    .update(await presented(port))
    .digest("hex");
  expect(
    made.token.startsWith(`K10${hash}::server:`),
    "the token's hash is not that of the authority that the server presents",
  );
  expect(!other.token.startsWith(`K10${hash}::`), "another cluster's token has the same hash");
  const asking = (kubeconfig: string) =>
    whoAmI(new Cluster({ file: kubeconfig })).then(
      () => "let in",
      (error: unknown) => String(error),
    );
  const stranger = await asking(other.kubeconfig);
  expect(/certificate|self.signed|verify/i.test(stranger), `a client of another authority was ${stranger}`);
  const mixed = await asking(mixedKubeconfig(join(testSite.folder, "pki"), made, other));
  expect(/Unauthorized/.test(mixed), `an administrator of another authority was ${mixed}`);
  return `${name}; another authority: refused by the client, Unauthorized by the server`;
}

/** Trusts the server, and logs in as another cluster's administrator. */
function mixedKubeconfig(folder: string, made: Made, other: Made): string {
  const path = join(folder, "mixed.kubeconfig");
  const authority = /certificate-authority-data: .*/;
  const own = authority.exec(readFileSync(made.kubeconfig, "utf8"))?.[0] ?? "";
  writeFileSync(path, readFileSync(other.kubeconfig, "utf8").replace(authority, own), { mode: 0o600 });
  return path;
}
