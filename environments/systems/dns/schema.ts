/** The form of DNS. */
import { z } from "zod";
import { hostName } from "../../values/forms";
import { awsRegion } from "../../values/texts";
import type { SiteOf } from "../../values/system";

/** The section on DNS of a site's file. */
export const schema = {
  dns: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    z
      .strictObject({
        kind: z.literal("external-dns"),
        region: awsRegion(),
        zone: hostName().describe("Zone that external-dns may write to"),
      })
      .describe("Records in Route53, by external-dns"),
  ]),
};

/** What a site's file says of DNS. */
export type DnsSite = SiteOf<typeof schema>;
