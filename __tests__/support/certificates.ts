/** Makes certificates for tests, which node:crypto can only read. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A DER value. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const size = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const hex = (text: string): Buffer => Buffer.from(text, "hex");
const OID = {
  commonName: hex("0603550403"),
  basicConstraints: hex("0603551d13"),
  extendedKeyUsage: hex("0603551d25"),
  subjectAltName: hex("0603551d11"),
  clientAuth: hex("06082b06010505070302"),
  serverAuth: hex("06082b06010505070301"),
  ecdsaWithSha256: hex("06082a8648ce3d040302"),
  sha256WithRsa: hex("06092a864886f70d01010b"),
};

const name = (text: string): Buffer => sequence(der(0x31, sequence(OID.commonName, der(0x0c, Buffer.from(text)))));

/** GeneralizedTime, to the second. */
const time = (date: Date): Buffer => der(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, "")));

const extension = (oid: Buffer, value: Buffer): Buffer => sequence(oid, der(0x04, value));

/** What a certificate says. */
export interface CertificateSpec {
  readonly subject: string;
  /** Alternative names. @default - none */
  readonly names?: readonly string[];
  /** Whether it may sign others. @default false */
  readonly ca?: boolean;
  /** @default - whatever its owner likes */
  readonly usage?: "clientAuth" | "serverAuth";
  /** @default - a day ago */
  readonly from?: Date;
  /** @default - in a day */
  readonly to?: Date;
  /** @default "ec" */
  readonly type?: "ec" | "rsa" | "ed25519";
  /** Of a key of type ec. @default "P-256" */
  readonly curve?: string;
  /** Of a key of type rsa. @default 2048 */
  readonly bits?: number;
  /** @default - itself */
  readonly issuer?: Made;
}

/** A certificate and its key. */
export interface Made {
  readonly subject: string;
  readonly key: KeyObject;
  /** As PEM. */
  readonly certificate: string;
  /** PKCS#8 as PEM. */
  readonly pkcs8: string;
}

function keyPair({ type = "ec", curve = "P-256", bits = 2048 }: CertificateSpec) {
  if (type === "rsa") return generateKeyPairSync("rsa", { modulusLength: bits });
  return type === "ec" ? generateKeyPairSync("ec", { namedCurve: curve }) : generateKeyPairSync("ed25519");
}

const DAY = 86_400_000;

/** A certificate, signed by its issuer. */
export function makeCertificate(spec: CertificateSpec): Made {
  const { subject, names = [], ca = false, usage, issuer } = spec;
  const { privateKey, publicKey } = keyPair(spec);
  const signer = issuer?.key ?? privateKey;
  const isRsa = signer.asymmetricKeyType === "rsa";
  const algorithm = isRsa ? sequence(OID.sha256WithRsa, hex("0500")) : sequence(OID.ecdsaWithSha256);
  const extensions = [
    extension(OID.basicConstraints, sequence(...(ca ? [hex("0101ff")] : []))),
    ...(usage ? [extension(OID.extendedKeyUsage, sequence(OID[usage]))] : []),
    ...(names.length > 0
      ? [extension(OID.subjectAltName, sequence(...names.map((one) => der(0x82, Buffer.from(one)))))]
      : []),
  ];
  const body = sequence(
    der(0xa0, hex("020102")),
    der(0x02, Buffer.concat([hex("01"), randomBytes(8)])),
    algorithm,
    name(issuer?.subject ?? subject),
    sequence(time(spec.from ?? new Date(Date.now() - DAY)), time(spec.to ?? new Date(Date.now() + DAY))),
    name(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = der(0x03, hex("00"), sign("sha256", body, signer));
  const whole = sequence(body, algorithm, signature).toString("base64");
  const lines = whole.match(/.{1,64}/g) ?? [];
  return {
    subject,
    key: privateKey,
    certificate: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
    pkcs8: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}
