/** Values with a unit or a form of their own: functions that read and compare them, nothing else. */

const binary: Record<string, number> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};
const decimal: Record<string, number> = { k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };

/** Bytes of a Kubernetes quantity such as `15Gi`; `NaN` when it is not one. */
export function bytes(quantity: string): number {
  const match = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?$/.exec(quantity);
  if (!match) return NaN;
  const [, number, unit = ""] = match;
  return Number(number) * (binary[unit] ?? decimal[unit] ?? 1);
}

/** Cores of a Kubernetes CPU quantity such as `500m` or `4`; `NaN` when it is not one. */
export function cores(quantity: string): number {
  const match = /^(\d+(?:\.\d+)?)(m)?$/.exec(quantity);
  if (!match) return NaN;
  return match[2] ? Number(match[1]) / 1000 : Number(match[1]);
}

const hoursPerUnit: Record<string, number> = { h: 1, d: 24, w: 168 };

/** Hours of a duration such as `72h`, `30d` or `52w`; `Infinity` for `forever`, `NaN` when it is neither. */
export function hours(duration: string): number {
  if (duration === "forever") return Infinity;
  const match = /^([1-9]\d*)(h|d|w)$/.exec(duration);
  return match ? Number(match[1]) * (hoursPerUnit[match[2] ?? ""] ?? NaN) : NaN;
}

/** The numbers of a version such as `4.3.1` or `v1.36.5-k3s1`, for {@link compareVersions}; empty when it is none. */
export function versionNumbers(version: string): number[] {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?:-k3s(\d+))?$/.exec(version);
  return match ? match.slice(1).map((part) => Number(part ?? 0)) : [];
}

/** Negative when `a` is the older version, 0 when both are equal, positive otherwise. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [versionNumbers(a), versionNumbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** How many addresses a prefix length such as 24 leaves for pods: all but network and broadcast. */
export function addressesOf(maskLength: number): number {
  return 2 ** (32 - maskLength) - 2;
}

/** What an error says beside the value that was given. */
export interface Expectation {
  /** What may stand there, as words that follow "allowed". */
  readonly allowed: string;
  /** What to do, as an imperative without a full stop. */
  readonly remedy: string;
}

/** The form of a text, for whoever checks it: a site's file, or Terraform where it is an input. */
export interface Pattern extends Expectation {
  /** In the syntax that JavaScript and RE2 share. */
  readonly pattern: RegExp;
}

/** A Docker host: the local socket or a machine that is reached through ssh. */
export const DOCKER_HOST: Pattern = {
  pattern: /^(unix:\/\/\/\S+|ssh:\/\/([a-z_][a-z0-9_-]*@)?[a-zA-Z0-9.-]+(:\d+)?)$/,
  allowed: "unix:///path/to/docker.sock or ssh://[user@]host[:port]",
  remedy: "write one of them",
};

/** The machine of a Docker host, whoever logs in and however the usual port is written: two of one machine are equal. */
export function machineOf(dockerHost: string): string {
  return dockerHost
    .replace(/^ssh:\/\/([^@/]*@)?/, "ssh://")
    .replace(/:22$/, "")
    .toLowerCase();
}

const OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
/** A DNS name ends in no number: `300.1.1.1` is none. */
const HOST = "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?";

/** An IPv4 address or a DNS name. */
export const ADDRESS: Pattern = {
  pattern: new RegExp(`^(${OCTET}(\\.${OCTET}){3}|${HOST})$`),
  allowed: "an IPv4 address or a DNS name",
  remedy: "leave out scheme, port and path",
};

/** An image that stays what it is. */
export const IMAGE: Pattern = {
  pattern: /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+(:[\w.-]*\d+\.\d+\.\d+[\w.-]*|(:[\w.-]+)?@sha256:[0-9a-f]{64})$/,
  allowed: "an image with its registry and an exact tag or digest (quay.io/name/image:1.2.3)",
  remedy: "never latest",
};

/** One address of mail. */
export const MAIL: Pattern = {
  pattern: /^[A-Za-z0-9._+-]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}$/,
  allowed: "one address of mail (name@example.org)",
  remedy: "write the address alone",
};

/** Whether a text is a DNS name in lower case. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(text);
}

/** Whether a text is the name of a time zone in the IANA database. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
