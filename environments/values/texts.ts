/** Forms of texts that go into another program's language: each takes what cannot mean anything there. */
import { expectation } from "./expectation";
import { type Hint, matching, textForm } from "./forms";

/** Most characters of what people read. */
const LINE = 200;

/** A line for people. */
export const line = () =>
  textForm(
    (v) => v.length > 0 && v.length <= LINE,
    `one line of 1–${LINE} characters that are all seen, without a space at either end, and without \${ and %{`,
    "write plain words",
  );

const without =
  (...schemes: string[]): Hint =>
  (value) => {
    if (typeof value !== "string") return undefined;
    const scheme = schemes.find((one) => value.startsWith(one));
    if (scheme !== undefined) return `leave out ${scheme} and everything behind the name`;
    return value.includes("/") ? "write the name alone, without slashes" : undefined;
  };

const isAddress = (v: string) => /^\d+(\.\d+){3}$/.test(v);

/** A bucket of S3 (docs.aws.amazon.com, bucket naming rules), and of what speaks its language. */
export const s3Bucket = () =>
  textForm(
    (v) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(v) && !/\.\.|\.-|-\./.test(v) && !isAddress(v),
    "the name of a bucket: 3–63 lower-case letters, digits, dots and hyphens between letters or digits",
    "correct it",
    without("s3://", "s3a://", "https://", "http://", "arn:"),
  );

/** A bucket of Google (cloud.google.com, bucket naming guidelines). */
export const gcsBucket = () =>
  textForm(
    (v) =>
      /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(v) &&
      v.split(".").every((part) => part.length > 0 && part.length <= 63) &&
      !isAddress(v) &&
      !/^goog|google|g00gle/.test(v),
    "the name of a bucket: 3–63 lower-case letters, digits, hyphens, underscores and dots, without goog in front and google inside",
    "correct it",
    without("gs://", "https://", "http://"),
  );

/** A region of AWS, or of a store that speaks its language. */
export const region = () =>
  matching(
    /^[A-Za-z0-9]([A-Za-z0-9-]{0,38}[A-Za-z0-9])?$/,
    "the name of a region of letters, digits and hyphens (us-east-1)",
    "copy it from the service",
  );

/** A region of AWS itself. */
export const awsRegion = () =>
  matching(
    /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
    "the name of a region of AWS in lower case (us-east-1)",
    "copy it from AWS",
  ).refine((v) => !/-\d[a-z]$/.test(v), {
    error: expectation({
      allowed: "the name of a region of AWS (us-east-1)",
      remedy: "leave out the letter of the zone",
    }),
  });

/** Names between slashes. */
export const pathOfNames = (example: string) =>
  textForm(
    (v) => /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(v) && !/(^|\/)\.{1,2}(\/|$)/.test(v),
    `names of letters, digits, dots, hyphens and underscores with single slashes between them (${example})`,
    "correct it",
    (value) => (typeof value === "string" && /^\/|\/$/.test(value) ? "leave out slashes at the ends" : undefined),
  );

/** A field of an Avro schema. */
export const fieldName = () =>
  matching(
    /^[A-Za-z_][A-Za-z0-9_]{0,199}$/,
    "the name of a field: letters, digits and underscores, no digit in front",
    "write it as the schema does",
  );
