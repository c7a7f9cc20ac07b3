/** cert-manager, simulated with certificates that programs accept: an authority of its own signs what a site asks for. */
import { mkdirSync } from "node:fs";
import { inside } from "../../../synthesized/stack";
import { type Issue, simulatedCertManager } from "../../rehearsal/operators/cert-manager";
import { namespaceOf, type Operator } from "../../rehearsal/operators/cluster-view";
import { Authority } from "../../using/site/authority";

const KEYS = ["tls.crt", "tls.key", "ca.crt"];

/** cert-manager for a site with an authority of its own, whose files are in a folder. */
export function signingCertManager(folder: string): Operator {
  mkdirSync(folder, { recursive: true });
  const issue: Issue = async (certificate, view) => {
    const [namespace, name] = [namespaceOf(certificate), String(certificate.spec?.["secretName"])];
    const there = (await view.secret(namespace, name))?.data;
    if (there && KEYS.every((key) => there[key] !== undefined))
      return Object.fromEntries(KEYS.map((key) => [key, Buffer.from(there[key] ?? "", "base64").toString()]));
    const authority = Authority.in(folder) ?? (await Authority.make(folder, "made-up authority of the site"));
    const names = (inside(certificate.spec, "dnsNames") ?? []) as string[];
    const pair =
      certificate.spec?.["isCA"] === true
        ? authority
        : await authority.certify({ file: `${namespace}-${name}`, commonName: names[0] ?? name, names });
    return { "tls.crt": pair.certificate, "tls.key": pair.key, "ca.crt": authority.certificate };
  };
  return simulatedCertManager(issue);
}
