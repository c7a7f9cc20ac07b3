/** What a kubeconfig leads to, by the package that reads it: in a program of its own, for it is there as ES modules only. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const CLIENT = resolve(__dirname, "../../../../cli/shared/kubernetes/kubeconfig.ts");
const CHECKOUT = resolve(__dirname, "../../../..");

/** Prints for each file the address and how a request logs in; a message where there is none. */
const PROGRAM = `
  const { readKubeconfig } = require(${JSON.stringify(CLIENT)});
  const loginOf = async (file) => {
    const config = await readKubeconfig({ file });
    const login = {};
    await config.applyToHTTPSOptions(login);
    const { headers, ca, cert, key, rejectUnauthorized } = login;
    const [authority, certificate, secret] = [ca, cert, key].map((one) => one?.toString());
    return { server: config.getCurrentCluster().server, headers, authority, certificate, key: secret, rejectUnauthorized };
  };
  const told = (file) => loginOf(file).catch(({ name, message }) => ({ error: name, message }));
  Promise.all(process.argv.slice(1).map(told)).then((found) => console.log(JSON.stringify(found)));`;

let folder: string;
let found: Record<string, Record<string, unknown>>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
  writeFileSync(join(folder, "me.key"), "key");
  // Answers with what it was told as its token.
  const script = `console.log(JSON.stringify({ status: { token: process.env.KUBERNETES_EXEC_INFO + process.argv[2] } }))`;
  writeFileSync(join(folder, "login"), `#!${process.execPath}\n${script}`, { mode: 0o700 });
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: join(folder, "login"), args: ["--now"] };
  const contents = {
    certificate: kubeconfig({ "client-certificate-data": encode("certificate"), "client-key": "me.key" }),
    program: kubeconfig({ exec }),
    insecure: kubeconfig({ token: "t" }, { "insecure-skip-tls-verify": true }),
    "no YAML": "a: [",
    "without a cluster": "apiVersion: v1",
  };
  const files = Object.keys(contents).map((name) => join(folder, name.replaceAll(" ", "-")));
  Object.values(contents).forEach((content, i) => writeFileSync(files[i] ?? "", content));
  const args = ["--import", "tsx", "-e", PROGRAM, ...files];
  const printed = execFileSync(process.execPath, args, { cwd: CHECKOUT, encoding: "utf8" });
  const results = JSON.parse(printed) as Record<string, unknown>[];
  found = Object.fromEntries(Object.keys(contents).map((name, i) => [name, results[i] ?? {}]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A kubeconfig with two clusters, of which the second is the current one. */
const kubeconfig = (user: object, more: object = {}) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: "other", cluster: { server: "https://other.example.org" } },
      {
        name: "mine",
        cluster: {
          server: "https://mine.example.org:6443",
          "certificate-authority-data": encode("authority"),
          ...more,
        },
      },
    ],
    users: [{ name: "me", user }],
    contexts: [
      { name: "first", context: { cluster: "other", user: "me" } },
      { name: "second", context: { cluster: "mine", user: "me" } },
    ],
    "current-context": "second",
  });
const encode = (text: string) => Buffer.from(text).toString("base64");

test("a client certificate, from the file itself or beside it; the current context counts", () => {
  expect(found["certificate"]).toEqual({
    server: "https://mine.example.org:6443",
    headers: {},
    authority: "authority",
    certificate: "certificate",
    key: "key",
  });
});

test("a program that logs in is told what it is asked for", () => {
  const info = '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":false}}';
  expect(found["program"]).toMatchObject({ headers: { Authorization: `Bearer ${info}--now` } });
});

test("the server's certificate is verified, whatever the file says", () => {
  expect(found["insecure"]).toMatchObject({ headers: { Authorization: "Bearer t" }, authority: "authority" });
  expect(found["insecure"]).not.toHaveProperty("rejectUnauthorized");
});

test.each([
  ["no YAML", /^\S+no-YAML is no kubeconfig: .+$/],
  ["without a cluster", /^\S+without-a-cluster has no cluster in its current context: name one with .+$/],
])("a file that is %s: one line", (name, message) => {
  expect(found[name]?.["error"]).toBe("UserError");
  expect(found[name]?.["message"]).toMatch(message);
});

test("the package is loaded by the first question, not by the commands that could ask one", () => {
  const program = `require(${JSON.stringify(CLIENT)}); console.log(Object.keys(require.cache).join("\\n"))`;
  const { stdout } = spawnSync(process.execPath, ["--import", "tsx", "-e", program], {
    cwd: CHECKOUT,
    encoding: "utf8",
  });
  expect(stdout).toContain("kubeconfig.ts");
  expect(stdout).not.toContain("@kubernetes");
});
