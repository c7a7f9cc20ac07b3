import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";

/** Adds an output to the stack of the scope, for people and for the command line. It must not be a secret. */
export function addOutput(scope: Construct, name: string, value: unknown, description: string): void {
  new TerraformOutput(scope, name, { value, description, staticId: true });
}
