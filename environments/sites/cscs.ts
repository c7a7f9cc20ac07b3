/** Topics of CSCs (commandable SAL components), the programs that control telescope, dome and instruments. */
import { KNOWN_CSCS } from "../systems/kafka/sal";

/** CSCs that the Summit does not have, or that write no topic of `lsst.sal` there (phalanx 2026-08). */
const NOT_AT_SUMMIT = [
  ...["ATArchiver", "AlarmRule", "Authorize", "CCArchiver", "Guider", "LOVE", "MOSS", "MTAlignment", "SummitFacility"],
  "WeatherStation",
];

/** CSCs of the Summit that write topics of `lsst.sal`. */
export const CSCS_OF_SUMMIT: readonly string[] = KNOWN_CSCS.filter((csc) => !NOT_AT_SUMMIT.includes(csc));

/** All topics of each CSC. The dot behind the name keeps `MTM1M3` from taking `MTM1M3TS`. */
export function allTopicsOf(...cscs: string[]): string[] {
  return cscs.map((csc) => `lsst.sal.${csc}.*`);
}

/** The named topics of one CSC. */
export function topicsOf(csc: string, ...topics: string[]): string[] {
  return topics.map((topic) => `lsst.sal.${csc}.${topic}`);
}
