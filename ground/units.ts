/**
 * Values with a unit or a form of their own. Each has one schema that checks it and, where it can be
 * compared, one function that gives a number. Every message reads `allowed …, …` and follows
 * `<site>.<path>: got <value>, `.
 */
import { z } from "zod";

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

/** The form of a text, for whoever checks it: a site's file, or Terraform where it is an input. */
export interface Pattern {
  /** In the syntax that JavaScript and RE2 share. */
  readonly pattern: RegExp;
  /** Reads `allowed …, …`. */
  readonly message: string;
}

/** A Docker host: the local socket or a machine that is reached through ssh. */
export const DOCKER_HOST: Pattern = {
  pattern: /^(unix:\/\/\/\S+|ssh:\/\/([a-z_][a-z0-9_-]*@)?[a-zA-Z0-9.-]+(:\d+)?)$/,
  message: "allowed unix:///path/to/docker.sock or ssh://[user@]host[:port], write one of them",
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
  message: "allowed an IPv4 address or a DNS name, leave out scheme, port and path",
};

/** An image that stays what it is. */
export const IMAGE: Pattern = {
  pattern: /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+(:[\w.-]*\d+\.\d+\.\d+[\w.-]*|(:[\w.-]+)?@sha256:[0-9a-f]{64})$/,
  message: "allowed an image with its registry and an exact tag or digest (quay.io/name/image:1.2.3), never latest",
};

function checked(check: (value: string) => boolean, message: string) {
  return z.string({ error: message }).refine(check, { error: message });
}

/** Size of a disk or of memory, in bytes. */
export const quantity = () =>
  checked(
    (v) => bytes(v) > 0,
    "allowed a Kubernetes quantity above 0 (128Mi, 15Gi, 1Ti), write number and unit without a space",
  );

/** CPU in cores or thousandths. */
export const cpu = () =>
  checked((v) => cores(v) > 0, "allowed CPU above 0 in cores or thousandths (2, 500m), write it as text");

/** A time that ends. */
export const duration = () =>
  checked(
    (v) => Number.isFinite(hours(v)),
    "allowed a whole number of hours, days or weeks (72h, 30d, 52w), write number and unit without a space",
  );

/** A time that may never end. */
export const retention = () =>
  checked((v) => hours(v) > 0, "allowed hours, days or weeks (72h, 30d, 52w) or forever, write it as text");

/** A node id of Kafka, which keeps those from 1000 on for itself. */
export const nodeId = () => {
  const message = "allowed 0–999, Kafka's range of node ids, renumber it";
  return z.int({ error: message }).refine((v) => v >= 0 && v <= 999, { error: message });
};

/** A port of a host. */
export const port = () => {
  const message = "allowed 1–65535, choose a port in that range";
  return z.int({ error: message }).refine((v) => v >= 1 && v <= 65535, { error: message });
};

/** A port that Kubernetes opens on every node (its default range). */
export const nodePort = () => {
  const message = "allowed 30000–32767, choose a NodePort in that range that nothing else of the site uses";
  return z.int({ error: message }).refine((v) => v >= 30000 && v <= 32767, { error: message });
};

/** An absolute folder of a host, not `/` itself. */
export const hostPath = () =>
  checked(
    (v) => /^\/[^\s:]+$/.test(v) && !/\/\.{0,2}(\/|$)/.test(v),
    "allowed an absolute path below / without .., //, spaces or a slash at the end (/data), name a folder of its own",
  );

/** A DNS name in lower case. */
export const hostName = () =>
  checked(
    (v) => v.length <= 253 && /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(v),
    "allowed a DNS name in lower case (lsst.codes), leave out scheme, port and path",
  );

/** An IPv4 address or a DNS name. */
export const address = () => checked((v) => v.length <= 253 && ADDRESS.pattern.test(v), ADDRESS.message);

/** An image with an exact tag or digest. */
export const image = () => checked((v) => IMAGE.pattern.test(v), IMAGE.message);

/** A name that Kubernetes takes for any object. */
export const kubernetesName = () =>
  checked(
    (v) => /^[a-z]([a-z0-9-]{0,51}[a-z0-9])?$/.test(v),
    "allowed a name of 1–53 lower-case letters, digits and hyphens that begins with a letter, shorten or rename it",
  );

const LABEL_NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

function isLabelKey(key: string): boolean {
  const [name = "", prefix, ...more] = key.split("/").toReversed();
  return more.length === 0 && LABEL_NAME.test(name) && (prefix === undefined || hostName().safeParse(prefix).success);
}

/** Labels of Kubernetes; `own` where a node gives them to itself, which Kubernetes takes below few prefixes of its own. */
export const labels = (own = false) => {
  const text = { error: "allowed labels as text by name, write them in quotes" };
  return z.record(z.string(), z.string(text), text).superRefine((all, context) => {
    for (const [key, value] of Object.entries(all)) {
      const message = !isLabelKey(key)
        ? "allowed a label's name of 1–63 letters, digits, dots, hyphens and underscores, with a DNS name and a slash before it or without, rename it"
        : own && /(^|\.)(kubernetes|k8s)\.io\//.test(key) && !/(^|\.)(node|kubelet)\.kubernetes\.io\//.test(key)
          ? "allowed no name below kubernetes.io and k8s.io but node.kubernetes.io, for a kubelet refuses to start with it, take a prefix of your own"
          : value !== "" && !LABEL_NAME.test(value)
            ? "allowed at most 63 letters, digits, dots, hyphens and underscores, with a letter or digit at both ends, shorten or rename it"
            : undefined;
      if (message) context.addIssue({ code: "custom", path: [key], message });
    }
  });
};

/** Where an image is found, without the tag, which has a key of its own. */
export const imageRepository = () =>
  checked(
    (v) => /^([a-z0-9.-]+(:\d+)?\/)?[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/.test(v),
    "allowed an image without tag and digest (docker.io/rancher/k3s), the tag is the key version",
  );

/** A release of k3s as the image tag writes it. */
export const k3sVersion = () =>
  checked(
    (v) => /^v\d+\.\d+\.\d+-k3s\d+$/.test(v),
    "allowed a release of k3s as an image tag (v1.36.5-k3s1), pin one, never latest",
  );

/** An id of a Google project. */
export const googleProject = () =>
  checked(
    (v) => /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(v),
    "allowed the id of a Google project (6–30 lower-case letters, digits and hyphens), copy it from Google's console",
  );

/** A zone of Google, such as `us-central1-b`. */
export const googleZone = () =>
  checked(
    (v) => /^[a-z]+(-[a-z]+)+\d+-[a-z]$/.test(v),
    "allowed a zone of Google (us-central1-b), name region and zone",
  );

/** A time of day. */
export const timeOfDay = () =>
  checked((v) => /^([01]\d|2[0-3]):[0-5]\d$/.test(v), "allowed hours and minutes (03:00), write it as text");

/** A time zone. */
export const timeZone = () =>
  z.string().refine(isTimeZone, { error: "allowed a name of the IANA database, write America/Santiago or UTC" });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** A release with three numbers. */
export const version = () =>
  checked((v) => /^\d+\.\d+\.\d+$/.test(v), "allowed three numbers (4.3.1), pin one, never latest");

/** A metadata version of Kafka, such as `4.3-IV0`. */
export const METADATA_VERSION = /^\d+\.\d+-IV\d+$/;

/** A pattern of topics: a literal name in which `*` stands for any characters, dots included. */
export const topicPattern = () =>
  checked(
    (v) => /^[A-Za-z0-9_-][A-Za-z0-9._*-]*$/.test(v) && v.includes("."),
    "allowed a topic name with * for any characters (lsst.sal.MTM1M3.*), end a CSC's name with a dot so that MTM1M3 leaves MTM1M3TS alone",
  );

/** A topic by its whole name, as Kafka allows it. */
export const topic = () =>
  checked(
    (v) => /^[A-Za-z0-9._-]{1,249}$/.test(v) && !/^\.\.?$/.test(v),
    "allowed 1–249 letters, digits, dots, hyphens and underscores, write the topic's whole name",
  );

/** The beginning of topics' names, for rights. */
export const topicPrefix = () =>
  checked(
    (v) => /^[A-Za-z0-9._-]{1,249}$/.test(v),
    "allowed 1–249 letters, digits, dots, hyphens and underscores, without *, write the beginning of their names",
  );

/** A pattern of topics that another site has, internal ones such as `_schemas` included. */
export const mirroredTopic = () =>
  checked(
    (v) => /^[A-Za-z0-9_][A-Za-z0-9._*-]*$/.test(v),
    "allowed a topic name with * for any characters (lsst.sal.*), shorten or correct it",
  );

/** A Docker host: the local socket or a machine that is reached through ssh. */
export const dockerHost = () => checked((v) => DOCKER_HOST.pattern.test(v), DOCKER_HOST.message);
