import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";

/** Makes a value an output of its stack, for people and for the command line. Never a secret. */
export function publish(scope: Construct, name: string, value: unknown, description: string): void {
  new TerraformOutput(scope, name, { value, description, staticId: true });
}
