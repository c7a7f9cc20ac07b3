import { LocalBackend, S3Backend, type TerraformStack } from "cdktf";
import type { Environment } from "../environments/schema";

/** Where the states of a site are kept. */
export type Backend = Environment["state"] | { readonly kind: "folder"; readonly path: string };

/** From a stack's folder to the checkout. */
const CHECKOUT = "../../..";

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
  }
}
