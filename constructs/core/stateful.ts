import { type IAspect, type TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";

const marked = new WeakSet<IConstruct>();

/**
 * Marks a resource that holds data or an identity: its Terraform address becomes `<type>.<id>` wherever its
 * construct moves, and the stack refuses to destroy it unless the environment allows that.
 */
export function stateful<T extends TerraformResource>(resource: T, id: string): T {
  resource.overrideLogicalId(id);
  // cdktf keeps the first address that it computes, so nothing may read an attribute before this line.
  if (resource.friendlyUniqueId !== id)
    throw new Error(
      `${resource.node.path}: got a reference before its id was fixed. Allowed: references after it. Call stateful() first.`,
    );
  marked.add(resource);
  return resource;
}

/** Whether {@link stateful} marked this resource. */
export function isStateful(node: IConstruct): boolean {
  return marked.has(node);
}

/** Writes `prevent_destroy` on every stateful resource of a stack, but for those with these ids. */
export class ProtectStateful implements IAspect {
  constructor(private readonly except: readonly string[] = []) {}

  visit(node: IConstruct): void {
    if (!isStateful(node)) return;
    const resource = node as TerraformResource;
    if (this.except.includes(resource.friendlyUniqueId)) return;
    resource.lifecycle = { ...resource.lifecycle, preventDestroy: true };
  }
}
