/** Secrets that somebody gives: Vault's values and token, and the certificate of all host names. */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { INPUTS } from "../../../../constructs/core/inputs";
import { hostsOf } from "../../../../environments/derived/hosts";
import { NAMESPACE } from "../../../../ground/namespaces";
import { until } from "../../../../cli/shared/process/until";
import { Authority, type KeyPair } from "../../../using/site/authority";
import type { RunningSite } from "../../site/running-site";
import { type Day, secondDay } from "./day";
import { arriveEverywhere, type Changed, generatedSources, syncNow } from "./secrets";
import { fingerprintOf, KAFKA_CERTIFICATE, shownByKafka } from "./shown";
import { Vault, type VaultSecret } from "./vault";

const [MOUNT, PATH] = ["secret", "nodes/efd"];

const newValue = (): string => randomBytes(16).toString("hex");

/** Values of the site's generated secrets, by name. */
async function valuesOf({ api }: RunningSite): Promise<Map<string, VaultSecret>> {
  const found = new Map<string, VaultSecret>();
  for (const { metadata, data = {} } of await generatedSources(api))
    found.set(
      metadata.name,
      Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()])),
    );
  if (found.size === 0) throw new Error("the site has no generated secret");
  return found;
}

/** Another value for each password; names of accounts stay. */
function rotatedValues(old: ReadonlyMap<string, VaultSecret>): {
  secrets: Map<string, VaultSecret>;
  changed: Changed[];
} {
  const changed = [...old].flatMap(([secret, values]) =>
    Object.entries(values)
      .filter(([key]) => key.endsWith("password"))
      .map(([key, before]): Changed => ({ secret, key, before, after: newValue() })),
  );
  const secrets = new Map(
    [...old].map(([secret, values]): [string, VaultSecret] => [
      secret,
      {
        ...values,
        ...Object.fromEntries(changed.filter((one) => one.secret === secret).map(({ key, after }) => [key, after])),
      },
    ]),
  );
  return { secrets, changed };
}

const backwards = (changed: readonly Changed[]): Changed[] =>
  changed.map(({ before, after, ...one }) => ({ ...one, before: after, after: before }));

/** Waits until Kafka shows a certificate outside. */
async function isShown(day: Day, { certificate }: Pick<KeyPair, "certificate">): Promise<void> {
  const wanted = fingerprintOf(certificate);
  const shown = await until(400, async () =>
    (await shownByKafka(day.site).catch(() => "")) === wanted ? true : undefined,
  );
  day.checks.same("Kafka shows the present certificate", shown, true);
}

/** The site's authority was removed with cert-manager. Certificates that it signed are replaced as the remedy of `check` says. */
async function issuedAnew(day: Day): Promise<void> {
  await day.sees("certificates of an authority that is no more", "certificates", /^fail Certificate .*no longer has/);
  const certificates = await day.site.api.list("/apis/cert-manager.io/v1/certificates");
  for (const { metadata, spec } of certificates)
    if (metadata.namespace !== NAMESPACE.certManager)
      await day.kubectl("-n", String(metadata.namespace), "delete", "secret", String(spec?.["secretName"]));
  const issued = await until(120, () =>
    day.site.clients.secret(NAMESPACE.kafka, KAFKA_CERTIFICATE, "tls.crt").catch(() => undefined),
  );
  day.checks.same("cert-manager issues Kafka's certificate again", issued !== undefined, true);
  if (issued !== undefined) await isShown(day, { certificate: issued });
}

async function givenRotated(day: Day): Promise<void> {
  const { site, checks, data } = day;
  const folder = join(site.folder, `given-${Date.now()}`);
  mkdirSync(folder);
  const authority = await Authority.make(folder, "made-up authority that gives certificates");
  const names = hostsOf(site.environment);
  const certify = (file: string) => authority.certify({ file, commonName: names[0] ?? "", names });
  const give = (token: string, { certificate, key }: KeyPair) =>
    site.give(
      { [INPUTS.vaultToken.name]: token, [INPUTS.tlsChain.name]: certificate, [INPUTS.tlsKey.name]: key },
      authority.file,
    );
  const vault = await Vault.start({ address: site.address, mount: MOUNT, path: PATH });
  const own = await valuesOf(site);
  const [oldToken, newToken] = [newValue(), newValue()];
  const store = { kind: "vault", server: vault.url, mount: MOUNT, path: PATH };
  const first = await certify("first");
  vault.token = oldToken;
  vault.secrets = own;
  give(oldToken, first);
  const restore = site.change({ secrets: store, certificates: { kind: "given" } });
  const { secrets, changed } = rotatedValues(own);
  try {
    await day.does("deploy", "--yes");
    await site.allReady(600, { schedules: false });
    await isShown(day, first);
    await data.renew();
    await day.meanwhile();

    vault.token = newToken;
    await syncNow(day);
    await day.sees("Vault's token is no longer valid", "cluster", /^fail (ClusterSecretStore|ExternalSecret) /);
    const second = await certify("second");
    vault.secrets = secrets;
    give(newToken, second);
    site.change({ secrets: { tokenRevision: 2 }, certificates: { revision: 2 } });
    await day.does("deploy", "platform", "--yes");
    await arriveEverywhere(day, changed);
    await isShown(day, second);
    await data.renew();
    await data.write(1);
  } finally {
    // The generated ones are still in their namespace.
    restore();
    site.give({});
    await day.does("deploy", "--yes");
    await vault.stop();
  }
  await site.allReady(600, { schedules: false });
  await arriveEverywhere(day, backwards(changed));
  await issuedAnew(day);
  await data.renew();
  const left = await site.api.list(`/api/v1/namespaces/${NAMESPACE.externalSecrets}/secrets`);
  const given = left.map(({ metadata }) => metadata.name).filter((name) => /^(vault-token|tls-certs)$/.test(name));
  checks.same("given secrets that stay when nobody gives them any more", given, []);
}

/** What is given, and rotated. */
export const givenScenarios = [
  secondDay({
    name: "given-rotated",
    title: "secrets come from Vault and the certificate is given: values, token and certificate are rotated",
    needs: ["external-secrets", "cert-manager", "strimzi", "kafka"],
    act: givenRotated,
  }),
];
