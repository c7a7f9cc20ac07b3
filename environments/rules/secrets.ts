/** Rules of secrets. */
import type { Rule } from "./violation";

/** A password can be made in the cluster; an account of AWS, of GitHub or of another site cannot. */
export const foreignSecretsComeFromVault: Rule = ({ secrets, certificates, dns, login, connect, mirror }) =>
  secrets.kind === "generated"
    ? [
        ...(certificates.kind === "acme" ? ["certificates.kind acme needs an AWS account"] : []),
        ...(dns.kind === "external-dns" ? ["dns.kind external-dns needs an AWS account"] : []),
        ...(connect?.s3 ? ["connect.s3 needs an AWS account"] : []),
        ...(mirror ? ["mirror needs an account of another site"] : []),
        ...(login === "github" ? ["login github needs a GitHub application"] : []),
      ].map((need) => ({ path: ["secrets", "kind"], message: `allowed vault, for ${need}, which cannot be generated` }))
    : [];
