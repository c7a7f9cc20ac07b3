import type { LoveSpec } from "../../environments/systems/love/schema";
import { fromLove } from "./secrets";

/** The account of the Large File Annex, as Amazon's programs read it from the environment. */
export function objectStoreVariables({ checksumWhenRequired }: NonNullable<LoveSpec["objectStore"]>) {
  return [
    fromLove("AWS_ACCESS_KEY_ID", "aws-access-key-id"),
    fromLove("AWS_SECRET_ACCESS_KEY", "aws-secret-access-key"),
    ...(checksumWhenRequired ? [{ name: "AWS_REQUEST_CHECKSUM_CALCULATION", value: "WHEN_REQUIRED" }] : []),
  ];
}
