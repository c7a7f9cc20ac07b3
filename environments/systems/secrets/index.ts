/** Where secrets come from. */
import { z } from "zod";
import { NAMESPACE } from "../../../ground/namespaces";
import * as form from "../../values/forms";
import type { Warning } from "../../values/rule";
import { pathOfNames } from "../../values/texts";
import { fixedPods, type Share, type SiteOf, type System } from "../../values/system";

/** The pods of external-secrets. */
export const EXTERNAL_SECRETS = {
  controller: { cpu: "10m", memory: "64Mi", limit: "256Mi" },
  webhook: { cpu: "10m", memory: "64Mi", limit: "256Mi" },
  certificates: { cpu: "10m", memory: "128Mi", limit: "384Mi" },
} as const satisfies Record<string, Share>;

const schema = {
  secrets: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("generated") }).describe("Made once, inside the cluster"),
    z
      .strictObject({
        kind: z.literal("vault"),
        server: form.webOrigin().describe("Address of Vault"),
        mount: pathOfNames("secret").describe("Mount of the key-value engine, version 2"),
        path: pathOfNames("k8s_operator/efd"),
        tokenRevision: form
          .positive("a whole number from 1", "raise it by one whenever a new token is given")
          .default(1)
          .describe("Raised by one whenever a new token of Vault is given"),
      })
      .describe("Read from Vault"),
  ]),
};

type Site = SiteOf<typeof schema>;

/** external-secrets writes the mount, and the engine's own `data`, before the path. */
function doubledPath({ secrets }: Site): Warning[] {
  if (secrets.kind !== "vault") return [];
  const doubled = [secrets.mount, "data"].find((part) => `${secrets.path}/`.startsWith(`${part}/`));
  return doubled === undefined
    ? []
    : [
        {
          path: ["secrets", "path"],
          what: `begins with ${doubled}, which stands before it in Vault's own addresses already`,
          remedy: "leave it out unless a folder in the engine has that name",
        },
      ];
}

/** Secrets, which external-secrets makes or reads. */
export const secrets = {
  schema,
  pods: () => Object.values(EXTERNAL_SECRETS).map((share) => fixedPods(share)),
  namespaces: () => [NAMESPACE.externalSecrets],
  warnings: doubledPath,
} satisfies System<Site>;
