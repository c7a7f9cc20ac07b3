/** Forms of topics' names. */
import { textForm } from "../../values/forms";

const isTopic = (v: string) => /^[A-Za-z0-9._-]{1,249}$/.test(v);

/** A pattern of topics: a literal name in which `*` stands for any characters, dots included. */
export const topicPattern = () =>
  textForm(
    (v) => /^[A-Za-z0-9_-][A-Za-z0-9._*-]*$/.test(v) && v.includes("."),
    "a topic name with * for any characters (lsst.sal.MTM1M3.*)",
    "end a CSC's name with a dot so that MTM1M3 leaves MTM1M3TS alone",
  );

/** A topic by its whole name, as Kafka allows it. */
export const topic = () =>
  textForm(
    (v) => isTopic(v) && !/^\.\.?$/.test(v),
    "1–249 letters, digits, dots, hyphens and underscores",
    "write the topic's whole name",
  );

/** The beginning of topics' names, for rights. */
export const topicPrefix = () =>
  textForm(
    isTopic,
    "1–249 letters, digits, dots, hyphens and underscores, without *",
    "write the beginning of their names",
  );

/** A pattern of topics that another site has, internal ones such as `_schemas` included. */
export const mirroredTopic = () =>
  textForm(
    (v) => /^[A-Za-z0-9_][A-Za-z0-9._*-]*$/.test(v),
    "a topic name with * for any characters (lsst.sal.*)",
    "shorten or correct it",
  );
