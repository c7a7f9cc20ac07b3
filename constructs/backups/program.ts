/** What is backed up of a program, and how. */
import type { NAMESPACE } from "../../ground/namespaces";
import type { ImageName } from "../../ground/versions";
import { selectorLabels } from "../kubernetes/objects";

/** A program that keeps something. */
export interface Program {
  /** Its name, which its image, its namespace and the PVC of its data have too. */
  readonly name: Extract<ImageName, keyof typeof NAMESPACE>;
  /**
   * The database that is one file on its volume. Then the pod runs as root, which may read the files of any user, and on
   * the node of the program. @default - the program is InfluxDB, which is asked over the network
   */
  readonly file?: {
    /** Path on the volume. */
    readonly path: string;
    /** Labels of the program's pods. */
    readonly pods: Readonly<Record<string, string>>;
  };
}

/** Chronograf has dashboards and rules in one file, Kapacitor its tasks. Neither has another way that asks for no login. */
export const PROGRAMS = [
  { name: "influxdb" },
  { name: "chronograf", file: { path: "chronograf-v1.db", pods: selectorLabels("chronograf", "efd") } },
  { name: "kapacitor", file: { path: "kapacitor.db", pods: { app: "efd-kapacitor" } } },
] as const satisfies readonly Program[];

/** Name of a program that has backups. */
export type ProgramName = (typeof PROGRAMS)[number]["name"];
