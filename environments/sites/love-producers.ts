/** Programs that bring CSCs' telemetry and events to LOVE at the Summit and in Tucson (phalanx 2026-08). */
import type { EnvironmentInput } from "../schema";
import type { Route } from "../systems/love/profiles";
import { TOPICS_OF } from "./love-topics";

type Producer = NonNullable<EnvironmentInput["love"]>["producers"][number];

/** What a producer has of its own at a site. */
type Own = Pick<Producer, "resources" | "route">;

/** CPU and memory: what it asks for, and its limit. */
function own(requests: `${string}/${string}`, limits: `${string}/${string}`) {
  const amount = (text: string) => {
    const [cpu = "", memory = ""] = text.split("/");
    return { cpu, memory };
  };
  return { resources: { requests: amount(requests), limits: amount(limits) } } satisfies Own;
}

/** Not at this site. */
const NONE = "none";
/** As the site's `producerResources` and the group say. */
const D: Own = {};
/** The Summit's environmental sensors. */
const E = own("70m/150Mi", "500m/300Mi");
/** The Summit's script queues. */
const Q = own("200m/256Mi", "1/800Mi");
/** Tucson's script queues. phalanx leaves out that of AuxTel, whose limit of 100m no script queue can live with. */
const TUCSON_Q = own("50m/200Mi", "500m/600Mi");
/** The Summit's vibration monitors. */
const V = own("50m/150Mi", "300m/300Mi");
const M1M3 = own("100m/220Mi", "500m/600Mi");
const HVAC = own("100m/200Mi", "1/600Mi");
/** The Summit sends the second-busiest CSCs by the set for all, Tucson by that of the main telescope. */
const BUSY_EVENTS = { ...own("100m/200Mi", "1/600Mi"), route: "producers" } satisfies Own;
const BUSY_TELEMETRY = { ...own("400m/200Mi", "1/600Mi"), route: "producers" } satisfies Own;

/** One producer. A site that is left out has it as the group says, with the site's `producerResources`. */
type Row = readonly [name: string, csc: string, summit?: Own | typeof NONE, tucson?: Own | typeof NONE];

/** All producers, by their route. */
const PRODUCERS: Readonly<Record<Route, readonly Row[]>> = {
  producers: [
    ["atbuilding", "ATBuilding:0"],
    ["love", "LOVE:0", NONE],
    ["m1m3mtvms1", "MTVMS:1", V, NONE],
    ["m2mtvms2", "MTVMS:2", V],
    ["mtaircompressor1", "MTAirCompressor:1"],
    ["mtaircompressor2", "MTAirCompressor:2"],
    ["mtm1m3ts", "MTM1M3TS:0", own("50m/160Mi", "500m/300Mi")],
    ["mtvmscamerarotator", "MTVMS:3", V],
    ["mtvmsm1m3", "MTVMS:1", NONE],
    ["pmd1", "PMD:1", D, NONE],
    ["test42", "Test:42"],
  ],
  m1m3: [
    ["mtm1m3", "MTM1M3:0", M1M3, M1M3],
    ["mtm1m3-event-01", "MTM1M3:0", own("10m/200Mi", "200m/600Mi"), own("10m/200Mi", "100m/600Mi")],
    ["mtm1m3-telemetry-01", "MTM1M3:0", own("250m/200Mi", "1/600Mi"), own("100m/200Mi", "1/600Mi")],
    ["mtm1m3-telemetry-02", "MTM1M3:0", own("30m/200Mi", "200m/600Mi"), own("10m/200Mi", "100m/600Mi")],
  ],
  atqueue: [["atscriptqueue", "ScriptQueue:2", Q, TUCSON_Q]],
  mtqueue: [["mtscriptqueue", "ScriptQueue:1", Q, TUCSON_Q]],
  ocsqueue: [["ocsscriptqueue", "ScriptQueue:3", Q, TUCSON_Q]],
  "envsys-1": [
    ["cameraess111", "ESS:111", E],
    ["cleanroomess109", "ESS:109", E],
    ["m1m3ess113", "ESS:113", E],
    ["m1m3ess114", "ESS:114", E],
    ["m1m3ess115", "ESS:115", E],
    ["m1m3ess116", "ESS:116", E],
    ["m1m3ess117", "ESS:117", E],
    ["m2ess106", "ESS:106", E],
    ["m2ess112", "ESS:112", E],
    ["partsensess127", "ESS:127", E],
    ["partsensess128", "ESS:128", E],
    ["partsensess129", "ESS:129", E],
    ["tea-ess123", "ESS:123", E],
    ["tea-ess124", "ESS:124", E],
    ["tea-ess125", "ESS:125", E],
    ["tea-ess126", "ESS:126", E],
    ["tma-ess122", "ESS:122", NONE],
    ["tmaess104", "ESS:104", E],
    ["tmaess105", "ESS:105", E],
    ["tmaess110", "ESS:110", E],
    ["tmaess121", "ESS:121", E],
    ["tmaess122", "ESS:122", E, NONE],
  ],
  "envsys-2": [
    ["automatic-transfer-switch-ess309", "ESS:309", E],
    ["auxteless201", "ESS:201", E],
    ["auxteless202", "ESS:202", E],
    ["auxteless204", "ESS:204", E],
    ["auxteless308", "ESS:308", E],
    ["calibhilless301", "ESS:301", E],
    ["earthquakeess302", "ESS:302", E, NONE],
    ["epm-ess303", "ESS:303", E],
    ["epm-generator-ess305", "ESS:305", E],
    ["epm-generator-ess306", "ESS:306", E],
    ["louverh1ess441", "ESS:441", E],
    ["louverh1h2ess442", "ESS:442", E],
    ["louverh2ess443", "ESS:443", E],
    ["mtdomeess404", "ESS:404", E],
    ["mtdomeess405", "ESS:405", E],
    ["ringssess304", "ESS:304", E],
    ["ups-server-room1-ess310", "ESS:310", E],
    ["ups-server-room2-ess311", "ESS:311", E],
  ],
  "envsys-3": [
    ["dimm1", "DIMM:1"],
    ["dimm2", "DIMM:2"],
    ["dream", "DREAM:0"],
    ["dsm1", "DSM:1"],
    ["dsm2", "DSM:2"],
    ["eas", "EAS:0"],
    ["hvac", "HVAC:0", HVAC, HVAC],
    ["weatherforecast", "WeatherForecast:0", E, own("50m/150Mi", "500m/300Mi")],
  ],
  atcs: [
    ["ataos", "ATAOS:0"],
    ["atcamera", "ATCamera:0"],
    ["atdome", "ATDome:0"],
    ["atdometrajectory", "ATDomeTrajectory:0"],
    ["atheaderservice", "ATHeaderService:0", own("50m/200Mi", "500m/600Mi")],
    ["athexapod", "ATHexapod:0"],
    ["atmcs", "ATMCS:0", own("100m/150Mi", "500m/300Mi"), own("100m/300Mi", "1/900Mi")],
    ["atoods", "ATOODS:0"],
    ["atpneumatics", "ATPneumatics:0"],
    ["atptg", "ATPtg:0"],
    ["atspectrograph", "ATSpectrograph:0"],
  ],
  mtcs: [
    ["camerahexapod", "MTHexapod:1", own("100m/150Mi", "1/300Mi")],
    ["cccamera", "CCCamera:0"],
    ["ccheaderservice", "CCHeaderService:0"],
    ["ccoods", "CCOODS:0"],
    ["m2hexapod", "MTHexapod:2", own("100m/150Mi", "1/300Mi")],
    ["mtaos", "MTAOS:0"],
    ["mtcamera", "MTCamera:0", own("100m/300Mi", "1/600Mi"), NONE],
    ["mtdome", "MTDome:0"],
    ["mtdometrajectory", "MTDomeTrajectory:0"],
    ["mtheaderservice", "MTHeaderService:0", own("20m/150Mi", "500m/300Mi"), NONE],
    ["mtm2-event", "MTM2:0", BUSY_EVENTS, own("100m/200Mi", "500m/600Mi")],
    ["mtm2-telemetry", "MTM2:0", BUSY_TELEMETRY, own("100m/200Mi", "500m/600Mi")],
    ["mtmount-event", "MTMount:0", BUSY_EVENTS, own("30m/100Mi", "300m/300Mi")],
    ["mtmount-telemetry", "MTMount:0", BUSY_TELEMETRY, own("30m/100Mi", "300m/300Mi")],
    ["mtoods", "MTOODS:0", own("20m/150Mi", "500m/300Mi"), NONE],
    ["mtptg", "MTPtg:0", own("20m/150Mi", "100m/300Mi")],
    ["mtrotator", "MTRotator:0", own("70m/150Mi", "300m/300Mi")],
    ["wfoods", "WFOODS:0", own("20m/150Mi", "200m/300Mi")],
  ],
  calsys: [
    ["atmonochromator", "ATMonochromator:0", D, NONE],
    ["atwhitelight", "ATWhiteLight:0", D, NONE],
    ["cbp", "CBP:0"],
    ["electrometer101", "Electrometer:101"],
    ["electrometer102", "Electrometer:102"],
    ["electrometer103", "Electrometer:103"],
    ["electrometer201", "Electrometer:201"],
    ["fiberspectrograph101", "FiberSpectrograph:101"],
    ["fiberspectrograph102", "FiberSpectrograph:102"],
    ["fiberspectrograph3", "FiberSpectrograph:3", D, NONE],
    ["gcheaderservice1", "GCHeaderService:1"],
    ["gcheaderservice101", "GCHeaderService:101", D, NONE],
    ["gcheaderservice102", "GCHeaderService:102", D, NONE],
    ["gcheaderservice103", "GCHeaderService:103", D, NONE],
    ["genericcamera1", "GenericCamera:1"],
    ["genericcamera101", "GenericCamera:101", D, NONE],
    ["genericcamera102", "GenericCamera:102", D, NONE],
    ["genericcamera103", "GenericCamera:103", D, NONE],
    ["lasertracker1", "LaserTracker:1"],
    ["ledprojector", "LEDProjector:0"],
    ["linearstage101", "LinearStage:101"],
    ["linearstage102", "LinearStage:102"],
    ["linearstage103", "LinearStage:103"],
    ["linearstage104", "LinearStage:104"],
    ["mtreflector", "MTReflector:0"],
    ["tunablelaser", "TunableLaser:0"],
  ],
  obssys: [
    ["atocps", "OCPS:1"],
    ["atscheduler", "Scheduler:2"],
    ["ccocps", "OCPS:2"],
    ["gis", "GIS:0", D, NONE],
    ["mtocps", "OCPS:3", D, NONE],
    ["mtscheduler", "Scheduler:1"],
    ["ocsscheduler", "Scheduler:3"],
    ["raocps", "OCPS:101", D, NONE],
    ["watcher", "Watcher:0", own("50m/150Mi", "500m/300Mi")],
  ],
};

/** Which producers of a site log at level debug. */
const DEBUGGED: Readonly<Record<Site, (name: string) => boolean>> = {
  summit: (name) =>
    ["automatic-transfer-switch-ess309", "ups-server-room1-ess310", "ups-server-room2-ess311", "wfoods"].includes(name),
  tucson: (name) =>
    !["hvac", "m2mtvms2", "mtvmscamerarotator", "partsensess127", "partsensess128", "partsensess129"].includes(name) &&
    !["tea-ess123", "tea-ess124", "tea-ess125", "tea-ess126"].includes(name),
};

/** Python's level debug. */
const DEBUG = 10;

type Site = "summit" | "tucson";

/** The producers of a site. */
export function loveProducersOf(site: Site): Producer[] {
  return Object.entries(PRODUCERS).flatMap(([route, rows]) =>
    rows.flatMap(([name, csc, summit = D, tucson = D]) => {
      const differs = { summit, tucson }[site];
      return differs === NONE
        ? []
        : [
            {
              name,
              csc,
              route: differs.route ?? (route as Route),
              ...(differs.resources ? { resources: differs.resources } : {}),
              ...TOPICS_OF[name],
              ...(DEBUGGED[site](name) ? { logLevel: DEBUG } : {}),
            },
          ];
    }),
  );
}
