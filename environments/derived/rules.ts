/** The rules that look at several fields of a site. */
import type { Environment } from "../schema";
import type { SiteRule } from "../values/rule";
import { capacityRules } from "./capacity";
import { mirrorRules } from "./mirrors";
import { listRules } from "./lists";
import { nameRules } from "./names";
import { sinkRules } from "./sinks";
import { all, systems } from "./systems";
import { topicRules } from "./topics";

/** A password can be made in the cluster; an account of AWS, of GitHub or of another site cannot. */
const foreignSecretsComeFromVault: SiteRule<Environment> = (site) =>
  site.secrets.kind === "generated"
    ? all(site, ({ foreignAccounts }) => foreignAccounts).map((need) => ({
        path: ["secrets", "kind"],
        allowed: `vault, for ${need}, which cannot be generated`,
        remedy: "write vault and its address",
      }))
    : [];

/** All rules, in the order in which their mistakes are printed. */
export const SITE_RULES: readonly SiteRule<Environment>[] = [
  ...nameRules,
  ...listRules,
  foreignSecretsComeFromVault,
  ...systems.flatMap(({ rules }) => rules ?? []),
  ...capacityRules,
  ...sinkRules,
  ...topicRules,
  ...mirrorRules,
];
