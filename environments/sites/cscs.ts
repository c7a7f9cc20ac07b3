/** Topics of CSCs (commandable SAL components), the programs that control telescope, dome and instruments. */

/** CSCs of the Summit, without those that write no topic of `lsst.sal` (phalanx 2026-08). */
export const CSCS_OF_SUMMIT: readonly string[] = [
  ...["ATAOS", "ATBuilding", "ATCamera", "ATDome", "ATDomeTrajectory", "ATHeaderService", "ATHexapod", "ATMCS"],
  ...["ATMonochromator", "ATOODS", "ATPneumatics", "ATPtg", "ATSpectrograph", "ATWhiteLight", "CBP", "CCCamera"],
  ...["CCHeaderService", "CCOODS", "DIMM", "DREAM", "DSM", "EAS", "EPM", "ESS", "Electrometer", "FiberSpectrograph"],
  ...["GCHeaderService", "GIS", "GenericCamera", "HVAC", "LEDProjector", "LaserTracker", "LinearStage", "MTAOS"],
  ...["MTAirCompressor", "MTCamera", "MTDome", "MTDomeTrajectory", "MTHeaderService", "MTHexapod", "MTM1M3"],
  ...["MTM1M3TS", "MTM2", "MTMount", "MTOODS", "MTPtg", "MTReflector", "MTRotator", "MTVMS", "OCPS", "PMD"],
  ...["Scheduler", "Script", "ScriptQueue", "Test", "TunableLaser", "WFOODS", "Watcher", "WeatherForecast"],
];

/** All topics of each CSC. The dot behind the name keeps `MTM1M3` from taking `MTM1M3TS`. */
export function allTopicsOf(...cscs: string[]): string[] {
  return cscs.map((csc) => `lsst.sal.${csc}.*`);
}

/** The named topics of one CSC. */
export function topicsOf(csc: string, ...topics: string[]): string[] {
  return topics.map((topic) => `lsst.sal.${csc}.${topic}`);
}
