/** What is accepted of LOVE and may not be meant. */
import type { GeneralSite } from "../../general/site";
import type { Warning } from "../../values/rule";
import { KNOWN_CSCS, nearestCscs } from "../kafka/sal";
import type { RestProxySite } from "../rest-proxy";
import { loveOf, type LoveSite, type LoveSpec } from "./schema";

/** What `warnings` reads of a site. */
export type WarningsSite = LoveSite & RestProxySite & Pick<GeneralSite, "name" | "allowDestroys" | "observing">;

/** A name that is mistyped is no mistake of form: a CSC may be newer than this program. */
function unknownCscs({ producers }: LoveSpec): Warning[] {
  return producers.flatMap(({ csc }, i) => {
    const [name = ""] = csc.split(":");
    return KNOWN_CSCS.includes(name)
      ? []
      : [
          {
            path: ["love", "producers", i, "csc"],
            what: `no CSC ${name} is known (nearest: ${nearestCscs(`lsst.sal.${name}`).join(", ")}), and its producer ends where SAL does not know it either`,
            remedy: "correct the name, or leave it where the CSC is newer than this program",
          },
        ];
  });
}

/** What is accepted of LOVE and may not be meant. */
export function warnings(site: WarningsSite): Warning[] {
  const spec = loveOf(site);
  if (!spec) return [];
  const { name, allowDestroys, observing, restProxy } = site;
  const warning = (broken: boolean, path: Warning["path"], what: string, remedy: string): Warning[] =>
    broken ? [{ path, what, remedy }] : [];
  return [
    ...warning(
      true,
      ["love", "efdAlias"],
      `the commander reads the EFD whose account the credential service keeps as ${spec.efdAlias}, whichever EFD that is`,
      "have that entry name this site's InfluxDB",
    ),
    // Where the site says that its data may go, nobody asks for them.
    ...warning(
      spec.objectStore === undefined && !allowDestroys.includes(`${name}-love`),
      ["love", "objectStore"],
      "none, so nobody makes backups of the views, and the commander uploads nothing",
      "name the Large File Annex",
    ),
    ...warning(
      restProxy === undefined,
      ["restProxy"],
      "none, so views show nothing of Kafka's brokers, for which they ask it",
      "add it where operators look at LOVE",
    ),
    ...warning(
      spec.frontend.nightReplicas !== undefined && observing.length === 0,
      ["love", "frontend", "nightReplicas"],
      "the site says nowhere when it observes, so it never counts",
      "add observing, or leave it out",
    ),
    ...warning(
      spec.trace,
      ["love", "trace"],
      "managers stamp each message, which takes CPU of every view",
      "switch it off when the measurement is done",
    ),
    ...unknownCscs(spec),
  ];
}
