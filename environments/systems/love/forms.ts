/** Forms of values that only LOVE has. */
import { z } from "zod";
import { isHostName, MAIL } from "../../../ground/units";
import { expectation } from "../../values/expectation";
import { isPort, matching, namesRegistry, textForm, wholeNumber } from "../../values/forms";
import type { Limits } from "../../values/limits";
import { cpuLimit, cpuRequest, memoryLimit, memoryRequest } from "../../values/quantities";

/** Frontends: each serves some views, and the Summit has up to 50. */
export const FRONTENDS: Limits<number> = { least: 1, most: 200 };
/** nginx: two share the work; more only multiply the connections. */
export const NGINX: Limits<number> = { least: 1, most: 10 };
/** Seconds after which browsers renew their subscriptions (LOVE-frontend 6.12). */
export const BROWSER_RENEWAL = 300;

/** Tag of a control-system cycle: a pin, since a cycle's images are never made anew under it. */
export const cycle = () =>
  matching(
    /^c\d{4}(\.\d{3})?$/,
    "a control-system cycle, c and four digits, and a revision of three digits where it has one (c0044, c0044.007)",
    "pin one, never latest or develop",
  );

/** Registry and folder of images. */
export const registry = () =>
  textForm(
    (v) => namesRegistry(`${v}/image`) && /^[a-z0-9.:-]+(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/.test(v),
    "a registry, and a folder in it where there is one (docker.io/lsstts)",
    "write the registry too, without scheme and tag",
  );

/** One word. */
export const word = () =>
  matching(
    /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
    "one word of letters, digits, dots, hyphens and underscores",
    "correct it",
  );

/** Name of a camera in views. */
export const feed = () => matching(/^[A-Za-z][A-Za-z0-9]{0,62}$/, "letters and digits (starTrackerA)", "correct it");

/** A CSC and its index. */
export const csc = () =>
  matching(
    /^[A-Za-z][A-Za-z0-9]*:(0|[1-9]\d{0,8})$/,
    "a CSC, a colon and its index, a whole number (ScriptQueue:1)",
    "write index 0 for a CSC of which there is one",
  );

/** Name of a producer: Kubernetes takes 63 characters, of which `love-producer-` has 14. */
export const producerName = () =>
  matching(
    /^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$/,
    "a name of 1–49 lower-case letters, digits and hyphens that begins with a letter",
    "shorten or rename it",
  );

/** Another control room, of which variables and keys of Secrets are called. */
export const controlRoom = () =>
  matching(/^[a-z][a-z0-9]{0,29}$/, "a word of lower-case letters and digits", "write it as LOVE-manager calls it");

/** A topic as LOVE's producer names it. */
export const salTopic = () =>
  matching(/^(evt|tel)_[A-Za-z0-9_]+$/, "evt_ or tel_ and the name of a topic (evt_summaryState)", "correct it");

/** The topics of a producer. To LOVE's producer an empty list is one of which it takes nothing, and not a missing one. */
export const salTopics = () =>
  z
    .array(salTopic())
    .min(1, { error: expectation({ allowed: "at least 1 in the list", remedy: "add one, or leave the list out" }) });

/** Last word of a bucket of S3, whose name takes 63 characters, of which `rubinobs-lfa-` has 13. */
export const bucketWord = () =>
  matching(
    /^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/,
    "a word of 1–50 lower-case letters, digits and hyphens",
    "write it as the bucket is called",
  );

/** An LDAP server. */
export const ldap = () =>
  textForm(
    (v) => {
      const [, host = "", port] = /^ldaps?:\/\/([a-z0-9.-]+)(?::(\d{1,5}))?$/.exec(v) ?? [];
      return isHostName(host) && isPort(port);
    },
    "ldap:// or ldaps:// and a host (ldap://ipa1.example.org)",
    "leave out everything behind the host and its port",
  );

/** An address of mail. */
export const mail = () => matching(MAIL.pattern, MAIL.allowed, MAIL.remedy);

/** CPU of something that is measured. */
export const cpu = cpuRequest;

/** Memory of Redis. */
export const redisMemory = () => memoryRequest();

/** How long Redis keeps a group. */
export const groupExpiry = () =>
  wholeNumber(
    2 * BROWSER_RENEWAL,
    86_400,
    `seconds from ${2 * BROWSER_RENEWAL} to 86400`,
    `take at least twice the ${BROWSER_RENEWAL} s after which browsers renew their subscriptions, or views go silent`,
  );

/** CPU and memory of one producer, complete: they have no defaults. */
export const ownResources = () =>
  z.strictObject({
    requests: z.strictObject({ cpu: cpuRequest(), memory: memoryRequest() }),
    limits: z.strictObject({ cpu: cpuLimit(), memory: memoryLimit() }),
  });
