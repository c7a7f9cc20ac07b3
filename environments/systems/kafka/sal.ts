/** What CSCs (commandable SAL components) write into Kafka: the programs that control telescope, dome and instruments. */

import { nearestWords } from "../../../ground/nearest";
import { patternsOverlap } from "./topics";

/** Account of Kafka with which SAL's programs log in. */
export const SAL_ACCOUNT = "ts-salkafka";

/** The time in UTC that SAL adds to each message for the EFD. */
export const SAL_TIME = "private_efdStamp";

/** What SAL adds to each message (ts_xml 2026-07). */
export const SAL_FIELDS: Readonly<Record<string, "seconds" | "no time">> = {
  [SAL_TIME]: "seconds",
  private_sndStamp: "seconds",
  private_rcvStamp: "seconds",
  private_kafkaStamp: "seconds",
  salIndex: "no time",
  private_identity: "no time",
  private_origin: "no time",
  private_revCode: "no time",
  private_seqNum: "no time",
};

/** The count of messages, a number that every message of SAL has: as many values of it are as many messages. */
export const SAL_COUNTER = "private_seqNum";

/** Fields of SAL that differ from message to message: its times, and the count of messages. */
export const DIFFERS_EACH_MESSAGE = [
  ...Object.keys(SAL_FIELDS).filter((field) => SAL_FIELDS[field] === "seconds"),
  SAL_COUNTER,
];

/** CSCs of ts_xml 2026-07, of the Summit (phalanx 2026-08), and those whose topics an EFD had earlier. */
export const KNOWN_CSCS: readonly string[] = [
  ...["ATAOS", "ATArchiver", "ATBuilding", "ATCamera", "ATDome", "ATDomeTrajectory", "ATHeaderService"],
  ...["ATHexapod", "ATMCS", "ATMonochromator", "ATOODS", "ATPneumatics", "ATPtg", "ATSpectrograph"],
  ...["ATWhiteLight", "AlarmRule", "Authorize", "CBP", "CCArchiver", "CCCamera", "CCHeaderService", "CCOODS"],
  ...["DIMM", "DREAM", "DSM", "EAS", "EPM", "ESS", "Electrometer", "FiberSpectrograph", "GCHeaderService"],
  ...["GIS", "GenericCamera", "Guider", "HVAC", "LEDProjector", "LOVE", "LaserTracker", "LinearStage"],
  ...["MOSS", "MTAOS", "MTAirCompressor", "MTAlignment", "MTCamera", "MTDome", "MTDomeTrajectory"],
  ...["MTHeaderService", "MTHexapod", "MTM1M3", "MTM1M3TS", "MTM2", "MTMount", "MTOODS", "MTPtg"],
  ...["MTReflector", "MTRotator", "MTVMS", "OCPS", "PMD", "Scheduler", "Script", "ScriptQueue"],
  ...["SummitFacility", "Test", "TunableLaser", "WFOODS", "Watcher", "WeatherForecast", "WeatherStation"],
];

/** How the names of SAL's topics begin: they are called `lsst.sal.<CSC>.<topic>`. */
export const SAL_PREFIX = "lsst.sal.";

/** Whether a pattern is one of SAL's topics and can take none of them: they are called `lsst.sal.<CSC>.<topic>`. */
export function takesNothingOfSal(pattern: string): boolean {
  if (!`${pattern}.`.startsWith(SAL_PREFIX)) return false;
  const parts = pattern.split(".");
  return (
    parts.length > 4 ||
    (!pattern.includes("*") && (parts.length < 4 || parts.includes(""))) ||
    // Commands and events have a name behind that; only the beginning of it is none.
    /^(command|logevent)_?$/.test(parts[3] ?? "")
  );
}

/** Whether a pattern looks as if SAL's topics were meant, and is written otherwise than they are called. */
export function looksLikeSal(pattern: string): boolean {
  return /^(lsst[._-]?)?sal[._-]/i.test(pattern) && !pattern.startsWith(SAL_PREFIX);
}

/** Whether a pattern takes topics of a CSC that is known, or none of SAL's at all. */
export function takesKnownCsc(pattern: string): boolean {
  return !pattern.startsWith(SAL_PREFIX) || KNOWN_CSCS.some((csc) => patternsOverlap(pattern, `${SAL_PREFIX}${csc}.*`));
}

/** At most three CSCs that are called most like the one of a pattern, the most like it first. */
export function nearestCscs(pattern: string): string[] {
  return nearestWords((pattern.split(".")[2] ?? "").replaceAll("*", ""), KNOWN_CSCS);
}
