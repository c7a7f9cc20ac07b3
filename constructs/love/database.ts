import type { LoveSpec } from "../../environments/systems/love/schema";
import { POSTGRESQL } from "./services";

/** Where LOVE's database is, and whose it is; the password is the Secret's key `db-pass`. */
export interface Database {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
}

/** Database and account in a PostgreSQL of LOVE's own. */
const NAME = "love";

/** The database of a site: outside the cluster, or in a PostgreSQL of LOVE's own. */
export function databaseOf({ database }: LoveSpec): Database {
  return database.kind === "external"
    ? database
    : { host: POSTGRESQL.name, port: POSTGRESQL.port, name: NAME, user: NAME };
}
