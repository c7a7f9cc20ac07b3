/** Where Terraform's states are kept. */
import { z } from "zod";
import * as text from "../values/texts";
import type { SiteOf, System } from "../values/system";

const schema = {
  state: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("local") }).describe("A file below .state/"),
    z
      .strictObject({
        kind: z.literal("s3"),
        bucket: text.s3Bucket(),
        region: text.awsRegion(),
        prefix: text.pathOfNames("efd").describe("Keys are <prefix>/<site>/<layer>/terraform.tfstate"),
      })
      .describe("A bucket; credentials come from the AWS environment of who runs Terraform"),
    z
      .strictObject({
        kind: z.literal("gcs"),
        bucket: text.gcsBucket().optional().describe("Left out, it is the input state_bucket"),
        prefix: text.pathOfNames("efd").describe("States are <prefix>/<site>/<layer>/default.tfstate"),
      })
      .describe("A bucket of Google; credentials are those of gcloud"),
    z
      .strictObject({ kind: z.literal("pg") })
      .describe("PostgreSQL, a schema <site>-<layer> for each state; PG_CONN_STR says where, and holds its password"),
  ]),
};

/** Terraform's states. */
export const state = { schema } satisfies System<SiteOf<typeof schema>>;
