/** Topics of CSCs (commandable SAL components), the programs that control telescope, dome and instruments. */

/** All topics of each CSC. The dot behind the name keeps `MTM1M3` from taking `MTM1M3TS`. */
export function allTopicsOf(...cscs: string[]): string[] {
  return cscs.map((csc) => `lsst.sal.${csc}.*`);
}

/** The named topics of one CSC. */
export function topicsOf(csc: string, ...topics: string[]): string[] {
  return topics.map((topic) => `lsst.sal.${csc}.${topic}`);
}
