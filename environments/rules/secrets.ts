/** Rules of secrets. */
import type { Rule } from "./violation";

/** A password can be made in the cluster; an account of AWS or GitHub cannot. */
export const foreignSecretsComeFromVault: Rule = ({ secrets, certificates, dns, login }) =>
  secrets.kind === "generated"
    ? [
        ...(certificates.kind === "acme" ? ["certificates.kind acme needs an AWS account"] : []),
        ...(dns.kind === "external-dns" ? ["dns.kind external-dns needs an AWS account"] : []),
        ...(login === "github" ? ["login github needs a GitHub application"] : []),
      ].map((need) => ({ path: ["secrets", "kind"], message: `allowed vault, for ${need}, which cannot be generated` }))
    : [];
