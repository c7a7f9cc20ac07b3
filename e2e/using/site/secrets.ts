/** Secrets of a site as its operators would write them, with the accounts that the programs beside the cluster know. */
import { OWN_CA_SECRET } from "../../../constructs/certificates/certificates";
import { KAFKA_CLUSTER } from "../../../constructs/kafka/resources";
import { NAMESPACE } from "../../../ground/namespaces";
import { inside, isObject, type ObjectJson } from "../../../synthesized/stack";
import type { Stack } from "../../../cli/shared/site/program";
import { passwordIn } from "../../data-path/site";
import type { Authority } from "./authority";

type Values = Readonly<Record<string, string>>;

/** A Secret. */
export function secret(namespace: string, name: string, values: Values): ObjectJson {
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]);
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, data: Object.fromEntries(data) as object };
}

/** The value of a key: of an account its name where the key is called so, its password otherwise. */
export const valueOf = (name: string, key: string): string => (key.endsWith("user") ? "admin" : passwordIn(name));

const keysOf = (value: unknown, key: string): string[] =>
  Array.isArray(value) ? value.filter(isObject).map((one) => String(one[key])) : [];

/** What external-secrets makes. */
function ofExternalSecrets(stacks: readonly Stack[]): ObjectJson[] {
  const all = stacks.flatMap((stack) => stack.customResources());
  const generators = new Map(all.filter(({ kind }) => kind === "Password").map((one) => [one.metadata.name, one.spec]));
  return all
    .filter(({ kind }) => kind === "ExternalSecret")
    .map(({ metadata, spec }) => {
      const name = String(inside(spec, "target", "name") ?? metadata.name);
      const generator = inside(spec, "dataFrom", "sourceRef", "generatorRef", "name");
      const generated =
        generator === undefined ? [] : (generators.get(String(generator))?.["secretKeys"] ?? ["password"]);
      const keys = [...keysOf(spec?.["data"], "secretKey"), ...(generated as string[])];
      const template = (inside(spec, "target", "template", "data") ?? {}) as Values;
      return secret(metadata.namespace ?? "", name, {
        ...Object.fromEntries(keys.map((key) => [key, valueOf(name, key)])),
        ...template,
      });
    });
}

/** What Strimzi makes: passwords and certificates of accounts, and its authority. */
async function ofStrimzi(stacks: readonly Stack[], authority: Authority): Promise<ObjectJson[]> {
  const users = stacks.flatMap((stack) => stack.customResources("KafkaUser"));
  const made = async ({ metadata: { name }, spec }: ObjectJson) => {
    const login = inside(spec, "authentication", "type");
    if (login !== "tls") return secret(NAMESPACE.kafka, name, { password: passwordIn(`kafka-${name}`) });
    const { key, certificate } = await authority.certify({ file: name, commonName: name });
    return secret(NAMESPACE.kafka, name, { "ca.crt": authority.certificate, "user.crt": certificate, "user.key": key });
  };
  const authorities = ["cluster", "clients"].map((of) =>
    secret(NAMESPACE.kafka, `${KAFKA_CLUSTER}-${of}-ca-cert`, { "ca.crt": authority.certificate }),
  );
  const secrets: ObjectJson[] = [];
  // openssl keeps one list of what an authority has signed.
  for (const user of users) secrets.push(await made(user));
  return [...secrets, ...authorities];
}

/** All Secrets of the site. */
export async function secretsOf(
  stacks: readonly Stack[],
  { kafka, web }: Readonly<Record<"kafka" | "web", Authority>>,
): Promise<ObjectJson[]> {
  const own = { "ca.crt": web.certificate, "tls.crt": web.certificate };
  return [
    ...ofExternalSecrets(stacks),
    ...(await ofStrimzi(stacks, kafka)),
    secret(NAMESPACE.certManager, OWN_CA_SECRET, own),
  ];
}
