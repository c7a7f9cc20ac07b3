import type { BackupsSite } from "../../environments/systems/backups";
import { NAMESPACE } from "../../ground/namespaces";
import type { SystemAccess } from "../accounts/account";
import { wholeSecret } from "../secrets/secret-source";
import { BACKUPS_BUCKET } from "./secrets";

/** Namespaces whose programs have backups. */
export const BACKED_UP = [NAMESPACE.influxdb, NAMESPACE.chronograf, NAMESPACE.kapacitor] as const;

/** What backups ask of the secrets: where they go to a bucket, its account in every namespace that has one. */
export function backupsAccess({ backups }: BackupsSite): SystemAccess {
  return {
    accounts: [],
    secrets: backups?.target.kind === "s3" ? BACKED_UP.map((namespace) => wholeSecret(BACKUPS_BUCKET, namespace)) : [],
  };
}
