import { GcsBackend, LocalBackend, PgBackend, S3Backend, type TerraformStack } from "cdktf";
import { INPUTS, input } from "../../constructs/core/inputs";
import type { Environment } from "../../environments/schema";

/** Where the states of a site are kept. */
export type Backend = Environment["state"] | { readonly kind: "folder"; readonly path: string };

/** From a stack's folder to the checkout. */
const CHECKOUT = "../../..";

/** Variable of the environment with the address, account and password of the database that holds the states. */
export const STATE_DATABASE = "PG_CONN_STR";

/** Gives a stack its backend. Paths are relative to the stack's folder, so that they hold on every machine. */
export function addBackend(stack: TerraformStack, backend: Backend, site: string, layer: string): void {
  switch (backend.kind) {
    case "local":
      new LocalBackend(stack, { path: `${CHECKOUT}/.state/${site}-${layer}.tfstate` });
      return;
    case "folder":
      new LocalBackend(stack, { path: `${backend.path}/${site}-${layer}.tfstate` });
      return;
    case "s3":
      new S3Backend(stack, {
        bucket: backend.bucket,
        key: `${backend.prefix}/${site}/${layer}/terraform.tfstate`,
        region: backend.region,
        encrypt: true,
      });
      // cdktf 0.21 does not know the attribute.
      stack.addOverride("terraform.backend.s3.use_lockfile", true);
      return;
    case "gcs":
      // Google encrypts every bucket, and this backend has its own lock.
      new GcsBackend(stack, { bucket: backend.bucket ?? "", prefix: `${backend.prefix}/${site}/${layer}` });
      if (backend.bucket !== undefined) return;
      stack.addOverride("terraform.backend.gcs.bucket", undefined);
      // A backend cannot use a Terraform variable, so the command line gives it to `terraform init`. It is an input all
      // the same, so that it is described and asked for like every other one.
      input(stack, INPUTS.stateBucket);
      return;
    case "pg":
      new PgBackend(stack, { connStr: "", schemaName: `${site}-${layer}` });
      // Terraform reads it from the environment.
      stack.addOverride("terraform.backend.pg.conn_str", undefined);
  }
}
