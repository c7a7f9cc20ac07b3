/** Terraform's messages as lines that a person can act on. */

/** An event of Terraform's machine-readable output; only what we read. */
export interface TerraformEvent {
  readonly type: string;
  readonly "@message"?: string;
  readonly "@timestamp"?: string;
  readonly hook?: { readonly resource: { readonly addr: string }; readonly action?: string };
  readonly change?: { readonly resource: { readonly addr: string }; readonly action: string };
  readonly changes?: Changes & { readonly operation: string };
  readonly diagnostic?: Diagnostic;
  readonly outputs?: Readonly<Record<string, { readonly sensitive: boolean; readonly value?: unknown }>>;
}

/** How many resources an operation makes, changes and removes. */
export interface Changes {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
}

/** An error or a warning of Terraform. */
export interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
}

/** Reads one line; undefined when it is no event. */
export function parseEvent(line: string): TerraformEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const event = JSON.parse(line) as TerraformEvent;
    return typeof event.type === "string" ? event : undefined;
  } catch {
    return undefined;
  }
}

/** Begin of the line for a provider that is not available. */
const NO_PROVIDER = /^provider \S+ is not available: /;

/** Whether these lines of {@link describeInitFailure} say that providers are missing, and nothing else. */
export function onlyProvidersMissing(lines: readonly string[]): boolean {
  return lines.length > 0 && lines.every((line) => NO_PROVIDER.test(line));
}

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /cannot re-use a name that is still in use|another operation \(install\/upgrade\/rollback\) is in progress|already exists/,
    "a killed apply left this: `npm run deploy` continues from there",
  ],
  [
    /Error acquiring the state lock/,
    "somebody else works on this layer: wait and try again; if that apply was killed, `terraform force-unlock` with this ID in the stack's folder",
  ],
  [
    /connection refused|i\/o timeout|no route to host/,
    "nothing answers at this address: check that the machine is up and reachable from here",
  ],
];

/** One diagnostic: address, what is wrong, why, and what to do where that is known. */
export function describeDiagnostic({ summary, detail, address }: Diagnostic): string {
  const text = `${address ? `${address}: ` : ""}${summary}${detail ? `: ${detail.replace(/\s+/g, " ").trim()}` : ""}`;
  const remedy = REMEDIES.find(([pattern]) => pattern.test(text))?.[1];
  return remedy ? `${text} (${remedy})` : text;
}

/**
 * Errors of `terraform init`, one line each. A provider that is not available is named; other errors are
 * kept as they are.
 */
export function describeInitFailure(stderr: string): string[] {
  const blocks = stderr
    // oxlint-disable-next-line no-control-regex
    .replace(/\u001b\[[\d;]*m/g, "")
    .replace(/^[│╷╵] ?/gm, "")
    .split(/^Error: /m)
    .slice(1);
  if (blocks.some((block) => block.startsWith("No valid credential sources")))
    return [
      "the state's bucket needs AWS credentials: set them in the environment (AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)",
    ];
  if (blocks.some((block) => block.includes("could not find default credentials")))
    return ["the state's bucket needs Google credentials: get them with `gcloud auth application-default login`"];
  const lines = blocks.map((block) => {
    const text = block.replace(/\s+/g, " ").trim();
    const provider = /provider\s+"?(?:[\w.-]+\/)??([\w-]+\/[\w-]+)\b/i.exec(text)?.[1];
    if (
      provider &&
      /^(Failed to (query|install)|Incompatible provider|Inconsistent dependency|Invalid provider)/.test(text)
    ) {
      const reason = /:\s*(.+?)(?: To see which modules|$)/.exec(text.slice(text.indexOf(provider)))?.[1];
      return `provider ${provider} is not available: ${reason ?? text}; let Terraform reach its registry, or put the provider below ~/.terraform.d/plugins`;
    }
    if (text.startsWith("Backend configuration changed"))
      return "this layer's state is kept elsewhere now: move it with `terraform init -migrate-state` in the stack's folder";
    return text;
  });
  return lines.length > 0 ? [...new Set(lines)] : [stderr.trim() || "terraform init failed and printed nothing"];
}
