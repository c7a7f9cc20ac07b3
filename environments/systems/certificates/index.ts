/** Where certificates of the site's host names come from. */
import { z } from "zod";
import { NAMESPACE } from "../../../ground/namespaces";
import * as form from "../../values/forms";
import * as text from "../../values/texts";
import { fixedPods, type Share, type SiteOf, type System } from "../../values/system";

/** The pods of cert-manager. */
export const CERT_MANAGER = {
  controller: { cpu: "10m", memory: "64Mi", limit: "256Mi" },
  webhook: { cpu: "10m", memory: "64Mi", limit: "256Mi" },
  injector: { cpu: "10m", memory: "128Mi", limit: "384Mi" },
} as const satisfies Record<string, Share>;

const schema = {
  certificates: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("own-ca") }).describe("An authority that cert-manager makes in the cluster"),
    z
      .strictObject({
        kind: z.literal("acme"),
        // RFC 8555, 6.1: ACME has no other protocol.
        server: form.serviceAddress(true).describe("Directory of the ACME service"),
        region: text.awsRegion().describe("AWS region of Route53's API"),
        hostedZoneId: form.matching(/^Z[A-Z0-9]{1,31}$/, "the id of a Route53 zone (Z…)", "copy it from Route53"),
      })
      .describe("ACME with DNS-01 on Route53"),
    z
      .strictObject({
        kind: z.literal("given"),
        revision: form
          .positive("a whole number from 1", "raise it by one whenever a new certificate is given")
          .default(1)
          .describe("Raised by one whenever a new certificate is given"),
      })
      .describe("One certificate of all host names, whose chain and key are the inputs tls_chain and tls_key"),
  ]),
};

/** Certificates. Where one is given, nothing in the cluster makes them. */
export const certificates = {
  schema,
  pods: ({ certificates }) =>
    certificates.kind === "given" ? [] : Object.values(CERT_MANAGER).map((share) => fixedPods(share)),
  namespaces: ({ certificates }) => (certificates.kind === "given" ? [] : [NAMESPACE.certManager]),
  reservedNames: { secrets: ["tls-certs"] },
  foreignAccounts: ({ certificates }) =>
    certificates.kind === "acme" ? ["certificates.kind acme needs an AWS account"] : [],
} satisfies System<SiteOf<typeof schema>>;
