/**
 * Records of CSCs of different shape, and what has to be in InfluxDB of each. SAL's schemas have plain types, arrays of
 * them and enumerations as integers; a camera's and other programs' have tags and unions.
 */
import type { Value } from "./influx";

/** A field: its type in Avro, the value that is sent, and what arrives by field of InfluxDB. */
interface Field {
  readonly type: unknown;
  /** NaN and integers beyond 2^53 are text. */
  readonly value: unknown;
  readonly arrives: Readonly<Record<string, readonly ["float" | "integer" | "string" | "boolean", Value]>>;
}

/** One topic with its records, each with a time. */
export interface Shape {
  readonly topic: string;
  /** Account that writes it. */
  readonly producer: string;
  /** Consumer that takes it, and its database. */
  readonly consumer: string;
  readonly database: string;
  /** Field with the time, its type, and the units of a second that it counts. */
  readonly time: readonly [name: string, type: "double" | "long", perSecond: number];
  /** Fields that are tags. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, Field>>;
}

const float = (name: string, value: number, type: "float" | "double" = "double"): Record<string, Field> => ({
  [name]: { type, value, arrives: { [name]: ["float", value] } },
});
const integer = (name: string, value: number, type: "int" | "long" = "int"): Record<string, Field> => ({
  [name]: { type, value, arrives: { [name]: ["integer", value] } },
});
const text = (name: string, value: string): Record<string, Field> => ({
  [name]: { type: "string", value, arrives: { [name]: ["string", value] } },
});
const truth = (name: string, value: boolean): Record<string, Field> => ({
  [name]: { type: "boolean", value, arrives: { [name]: ["boolean", value] } },
});
/** An array: one field for each element, without a separator. NaN is no field. */
const array = (
  name: string,
  items: "float" | "double" | "int" | "long" | "boolean" | "string",
  value: readonly (number | string | boolean)[],
): Record<string, Field> => {
  const is = { float: "float", double: "float", int: "integer", long: "integer", boolean: "boolean", string: "string" };
  const kind = is[items] as "float";
  const arrives = value.flatMap((one, i) => (one === "NaN" ? [] : [[`${name}${i}`, [kind, one]] as const]));
  return { [name]: { type: { type: "array", items }, value, arrives: Object.fromEntries(arrives) } };
};
/** A union with null: nothing arrives of a null. */
const optional = (name: string, field: Record<string, Field>, present = true): Record<string, Field> => {
  const { type, value, arrives } = field[name] as Field;
  return { [name]: { type: ["null", type], value: present ? value : null, arrives: present ? arrives : {} } };
};

/** What SAL puts into every record, besides the time. */
const SAL: Readonly<Record<string, Field>> = {
  ...float("private_sndStamp", 1764425037.5),
  ...float("private_rcvStamp", 1764425000.25),
  ...float("private_kafkaStamp", 1764425000.125),
  ...integer("private_seqNum", 7, "long"),
  ...text("private_identity", "Script:100017"),
  ...text("private_revCode", "9a1c4ef2"),
  ...integer("private_origin", 2147483647, "long"),
  ...integer("salIndex", 1, "long"),
};

const sal = (consumer: string, topic: string, fields: Readonly<Record<string, Field>>): Shape => ({
  topic: `lsst.sal.${topic}`,
  producer: "ts-salkafka",
  consumer,
  database: "efd",
  time: ["private_efdStamp", "double", 1],
  fields: { ...SAL, ...fields },
});

const numbers = (count: number, from: number) => Array.from({ length: count }, (_, i) => from + i / 8);

/** All of them, of the Summit's consumers. */
export const SHAPES: readonly Shape[] = [
  sal("test", "Test.logevent_heartbeat", truth("heartbeat", false)),
  // Two of its arrays are longer than ten, so that element 1 and element 11 must not be mistaken.
  sal("m1m3", "MTM1M3.forceActuatorData", {
    ...float("timestamp", 1764424999.75),
    ...array("primaryCylinderForce", "float", numbers(156, -12.5)),
    ...array("secondaryCylinderForce", "float", numbers(112, 0.5)),
  }),
  // The name begins like the one before, and another consumer takes it.
  sal("m1m3ts", "MTM1M3TS.thermalData", {
    ...array("differentialTemperature", "float", numbers(96, 1)),
    ...array("fanRPM", "int", [0, 1500, -1, 32767]),
    ...truth("heaterOn", true),
  }),
  sal("auxtel", "ATDome.command_moveAzimuth", { ...float("azimuth", 359.999), ...text("private_host", "") }),
  sal("auxtel", "ATPtg.ackcmd", {
    ...integer("ack", -302),
    ...integer("error", 0),
    ...text("result", 'failed: "azimuth, elevation" = \\x; ünïcode → ok\nsecond line'),
    ...float("timeout", 0.5),
    ...integer("cmdtype", 42, "long"),
  }),
  sal("envsys", "ESS.temperature", {
    ...text("sensorName", "AuxTel-ESS01, room 5=left"),
    ...array("temperatureItem", "float", [12.5, "NaN", -40, "NaN"]),
    ...integer("numChannels", 4),
  }),
  sal("obssys", "Watcher.logevent_alarm", {
    ...text("name", "Enabled.ATDome"),
    ...integer("severity", 3),
    ...truth("acknowledged", false),
    ...float("timestampSeverityOldest", 0),
  }),
  sal("obssys", "ScriptQueue.logevent_queue", {
    ...array("salIndices", "int", [100001, 100002, 0]),
    ...array("pastSalIndices", "long", []),
    ...truth("enabled", true),
  }),
  // The same with unions and an enumeration of Avro's own, as newer programs write them.
  sal("ocps", "OCPS.logevent_job_result", {
    ...text("job_id", "c0ffee"),
    ...optional("exit_code", integer("exit_code", 0)),
    ...optional("reason", text("reason", "none"), false),
    ...optional("duration", float("duration", 12.25)),
    phase: {
      type: { type: "enum", name: "phase_t", symbols: ["QUEUED", "COMPLETED"] },
      value: "COMPLETED",
      arrives: { phase: ["string", "COMPLETED"] },
    },
  }),
  sal("m2", "MTRotator.rotation", {
    ...float("demandPosition", -0.000125),
    ...float("tiny", 1e-300),
    ...float("huge", 1.5e300),
    ...float("single", 0.5, "float"),
    most: { type: "long", value: "9223372036854775807", arrives: { most: ["integer", "9223372036854775807"] } },
    least: { type: "long", value: "-1152921504606846977", arrives: { least: ["integer", "-1152921504606846977"] } },
    ...array("flags", "boolean", [true, false]),
    ...array("names", "string", ["a", "", "c d"]),
  }),
  sal("lsstcam", "MTCamera.logevent_endReadout", {
    ...text("imageName", "MC_O_20261129_000123"),
    ...integer("imagesInSequence", 1),
    ...float("exposureTime", 30),
    ...text("additionalKeys", "imageType:groupId:reason"),
  }),
  {
    topic: "lsst.MTCamera.quadbox_BFR",
    producer: "camera",
    consumer: "mtcamera",
    database: "lsst.MTCamera",
    time: ["timestamp", "long", 1000],
    tags: { Agent: "quadbox", Raft: "R22", Reb: "Reb0" },
    fields: { ...float("analog_i", 1.25), ...integer("state", 2), ...optional("note", text("note", "x"), false) },
  },
  {
    topic: "lsst.cp.verifyBiasDet",
    producer: "rest-proxy",
    consumer: "cp",
    database: "lsst.cp",
    time: ["timestamp", "double", 1],
    tags: { instrument: "LSSTCam", detector: "94" },
    fields: { ...float("mean", -0.03125), ...float("readNoise", 5.5, "float"), ...text("id", "b7") },
  },
];

/** The Avro schema of a shape. SAL's record is called as the last part of its topic. */
export function schemaOf({ topic, time, tags = {}, fields }: Shape): Record<string, unknown> {
  const cut = topic.lastIndexOf(".");
  const typed = [
    { name: time[0], type: time[1] },
    ...Object.keys(tags).map((name) => ({ name, type: "string" })),
    ...Object.entries(fields).map(([name, { type }]) => ({ name, type })),
  ];
  return { type: "record", name: topic.slice(cut + 1), namespace: topic.slice(0, cut), fields: typed };
}

/** A record at a time, in microseconds. */
export function recordOf({ time, tags = {}, fields }: Shape, micros: number): Record<string, unknown> {
  const at = (micros / 1e6) * time[2];
  return {
    [time[0]]: time[1] === "long" ? Math.floor(at) : at,
    ...tags,
    ...Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value])),
  };
}
