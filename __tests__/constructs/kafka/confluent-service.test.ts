/** What a program of Confluent's reads of its login, after bash, a file of properties and the login's text. */
import { execFileSync } from "node:child_process";
import { stack } from "../../support/sites";
import { at } from "../support";
import { unescaped } from "../../../synthesized/stack";

/** The command of a Deployment of the Summit, with what would start the image in place of that. */
function commandOf(name: string): string[] {
  const deployments = stack("summit", "efd").resources("kubernetes_deployment_v1");
  const found = deployments.find(({ body }) => at(body, "metadata.name") === name);
  const command = at(found?.body, "spec.template.spec.container.0.command") as string[];
  return command.map((word) => unescaped(word).replace("exec /etc/confluent/docker/run", "env -0"));
}

/** A value as `java.util.Properties` reads it. */
const fromProperties = (text: string): string => text.replace(/\\(.)/gs, "$1");

/** The password of a login's text, as Kafka's JaasConfig reads it: a quoted string of java.io.StreamTokenizer. */
function passwordOf(login: string): string | undefined {
  const quoted = /password="((?:[^"\\]|\\.)*)";$/s.exec(login)?.[1];
  return quoted?.replace(/\\(.)/gs, "$1");
}

describe.each([
  ["schema-registry", "SCHEMA_REGISTRY_KAFKASTORE_SASL_JAAS_CONFIG"],
  ["rest-proxy", "KAFKA_REST_CLIENT_SASL_JAAS_CONFIG"],
])("%s logs in", (name, variable) => {
  test.each([
    ["as it is generated", "h7Fq0aVd3JzT"],
    ["with a quote", 'a"b'],
    ["with a backslash", String.raw`a\b`],
    ["with both, and at the end", String.raw`"a\"b\\` + "\\"],
    ["with what a shell or Kubernetes would read", "$HOME $(id) `id` ${x} %s & ; ' * ~ #!="],
    ["with a letter of no ASCII", "ñandú"],
    ["with a blank at each end", " a b "],
  ])("with a password %s", (_what, password) => {
    const [program = "", ...args] = commandOf(name);
    const env = { PATH: process.env["PATH"] ?? "", LC_ALL: "C.UTF-8", KAFKA_PASSWORD: password };
    const variables = execFileSync(program, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).split(
      "\0",
    );
    const value = variables.find((one) => one.startsWith(`${variable}=`))?.slice(variable.length + 1) ?? "";
    const login = fromProperties(value);
    expect(login).toMatch(/^org\.apache\.kafka\.common\.security\.scram\.ScramLoginModule required username="/);
    expect(login).toContain(` username="${name}" `);
    expect(passwordOf(login)).toBe(password);
  });

  test("a password that is not there ends it", () => {
    const [program = "", ...args] = commandOf(name);
    expect(() => execFileSync(program, args, { env: { PATH: process.env["PATH"] ?? "" }, stdio: "ignore" })).toThrow();
  });

  test("nothing in its command is Kubernetes' to fill in", () => {
    expect(commandOf(name).join("\n")).not.toContain("$(");
  });
});

test("every Deployment that reads a password of Kafka is tried here", () => {
  const readers = stack("summit", "efd")
    .resources("kubernetes_deployment_v1")
    .filter(({ body }) => JSON.stringify(body).includes("_SASL_MECHANISM"))
    .map(({ body }) => at(body, "metadata.name"));
  expect(readers.sort()).toEqual(["rest-proxy", "schema-registry"]);
});
