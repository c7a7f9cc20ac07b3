/** The certificate that clients of Kafka see outside. */
import { X509Certificate } from "node:crypto";
import { OUTSIDE } from "../../../../cli/check/systems/outside";
import { interruption } from "../../../../cli/shared/process/interruption";
import { addressOf } from "../../site/reader";
import type { RunningSite } from "../../site/running-site";

/** What tells a certificate from any other; of a chain, its first. */
export const fingerprintOf = (pem: string | Buffer): string => new X509Certificate(pem).fingerprint256;

/** Fingerprint of the certificate that a broker shows. @throws where none shows one. */
export async function shownByKafka(site: RunningSite): Promise<string> {
  const [host = "", port = ""] = addressOf(site, "Kafka bootstrap").split(":");
  const [address = ""] = await OUTSIDE.addresses(host);
  const shown = await OUTSIDE.certificate({ host, port: Number(port), address }, undefined, interruption);
  return shown.certificate.fingerprint256;
}

/** Secret with Kafka's certificate for the outside, where cert-manager issues it. */
export const KAFKA_CERTIFICATE = "kafka-external-tls";
