import { shortHash } from "../../synthesized/text";

/**
 * A name for Kubernetes made of any text: lower case, with hyphens for characters that are not allowed. A name that had
 * to be changed or cut gets a hash at the end, so that two texts never share a name.
 */
export function kubernetesName(text: string, maxLength = 63): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, "-")
    .replace(/-*\.[.-]*/g, ".");
  if (name === text && name.length <= maxLength && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)) return name;
  const trimmed = name
    .slice(0, maxLength - 9)
    .replace(/^[^a-z0-9]+/, "")
    .replace(/[^a-z0-9]+$/, "");
  return trimmed === "" ? `x-${shortHash(text)}` : `${trimmed}-${shortHash(text)}`;
}
