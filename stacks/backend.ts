import { GcsBackend, LocalBackend, S3Backend, TerraformVariable, type TerraformStack } from "cdktf";
import type { Environment } from "../environments/schema";

/** Where the states of a site are kept. */
export type Backend = Environment["state"] | { readonly kind: "folder"; readonly path: string };

/** From a stack's folder to the checkout. */
const CHECKOUT = "../../..";

/**
 * Input that names the bucket of the state where the site's file does not. Terraform takes no variable in a backend:
 * the command line hands it to `terraform init`. It is a variable all the same, so that it is asked for, and
 * described, like every other input.
 */
export const STATE_BUCKET = "state_bucket";

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
      // Google encrypts every bucket, and this backend locks by itself.
      new GcsBackend(stack, { bucket: backend.bucket ?? "", prefix: `${backend.prefix}/${site}/${layer}` });
      if (backend.bucket !== undefined) return;
      stack.addOverride("terraform.backend.gcs.bucket", undefined);
      new TerraformVariable(stack, STATE_BUCKET, {
        type: "string",
        nullable: false,
        description: "bucket of Google Cloud Storage that holds this site's Terraform states",
      }).overrideLogicalId(STATE_BUCKET);
  }
}
