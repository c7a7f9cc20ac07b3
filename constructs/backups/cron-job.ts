/** The pods of backups: one that makes one, and one that puts it back. */
import { BACKUP_POD } from "../../environments/systems/backups";
import { image } from "../../ground/versions";
import { selectorLabels } from "../kubernetes/objects";
import { patience } from "../kubernetes/patience";
import { fromSecret, RESTRICTED_CONTAINER, restrictedTemplate, shareResources } from "../kubernetes/workload";
import type { Program } from "./program";
import { BACKUPS_BUCKET } from "./secrets";

const SCRIPTS = "/scripts";
const BACKUPS = "/backups";
const DATA = "/data";

/** Seconds by which a backup may be late: its host, InfluxDB or the bucket may be away at its hour. */
export const LATE = 3600;

/** A bucket, and the folder in it that has the backups of a program. */
export interface Bucket {
  readonly bucket: string;
  readonly prefix: string;
  readonly region: string;
  /** @default - Amazon's */
  readonly endpoint?: string;
}

/** What a pod needs beside its program. */
export interface PodProps {
  readonly program: Program;
  /** ConfigMap with the scripts. */
  readonly scripts: string;
  /** PVC of the backups. */
  readonly volume: string;
  /** How many backups are kept. */
  readonly keep: number;
  /** @default - backups stay on the volume */
  readonly bucket?: Bucket;
  /** Variables of the container that copies or restores. */
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  /** Folders that this container reads besides. @default - none */
  readonly configMaps?: Readonly<Record<string, string>>;
}

/** Labels by which InfluxDB's network policy lets the pods in. */
export const BACKUP_PODS = { influxdb: selectorLabels("influxdb-backup") };

/** A pod that makes a backup, and then brings it into the bucket. */
export function backupPod(props: PodProps) {
  const { bucket, keep } = props;
  const waits = patience(LATE);
  // What has gone to the bucket need not stay on the volume.
  const make = step("backup", withVariables(props, { KEEP: bucket ? "0" : String(keep) }, waits), "backup.sh", true);
  return bucket
    ? pod(
        props,
        [make],
        upload(withVariables({ ...props, env: [] }, { KEEP: String(keep) }, waits), bucket, "upload.sh"),
      )
    : pod(props, [], make);
}

/** A pod that puts back the backup that `BACKUP` names, the latest at first. */
export function restorePod(props: PodProps) {
  const which = { BACKUP: "latest" };
  const restore = step("restore", withVariables(props, which, patience()), "restore.sh", false);
  const download = (bucket: Bucket) =>
    upload(withVariables({ ...props, env: [] }, which, patience()), bucket, "download.sh");
  return props.bucket ? pod(props, [download(props.bucket)], restore) : pod(props, [], restore);
}

function withVariables(
  props: PodProps,
  more: Readonly<Record<string, string>>,
  waits: ReturnType<typeof patience>,
): PodProps {
  return { ...props, env: [...props.env, ...Object.entries(more).map(([name, value]) => ({ name, value })), waits] };
}

type Container = ReturnType<typeof step> | ReturnType<typeof upload>;

function pod({ program, scripts, volume, configMaps = {} }: PodProps, first: Container[], last: Container) {
  const { file } = program;
  return restrictedTemplate({
    labels: selectorLabels(`${program.name}-backup`),
    user: 1500,
    pod: {
      restartPolicy: "Never",
      ...(file
        ? {
            // Without a group of its own: a kubelet would give it the program's files.
            securityContext: { seccompProfile: { type: "RuntimeDefault" } },
            // A volume is mounted on one node at a time.
            affinity: {
              podAffinity: {
                preferredDuringSchedulingIgnoredDuringExecution: [
                  {
                    weight: 100,
                    podAffinityTerm: {
                      topologyKey: "kubernetes.io/hostname",
                      labelSelector: [{ matchLabels: { ...file.pods } }],
                    },
                  },
                ],
              },
            },
          }
        : {}),
      ...(first.length > 0 ? { initContainer: first } : {}),
      container: [last],
      volume: [
        { name: "scripts", configMap: { name: scripts } },
        { name: "backups", persistentVolumeClaim: { claimName: volume } },
        { name: "tmp", emptyDir: {} },
        ...(file ? [{ name: "data", persistentVolumeClaim: { claimName: program.name } }] : []),
        ...Object.entries(configMaps).map(([name, configMap]) => ({ name, configMap: { name: configMap } })),
      ],
    },
  });
}

const variables = [
  { name: "HOME", value: "/tmp" },
  { name: "BACKUPS", value: BACKUPS },
];
const mounts = [
  { name: "scripts", mountPath: SCRIPTS, readOnly: true },
  { name: "backups", mountPath: BACKUPS },
  { name: "tmp", mountPath: "/tmp" },
];

/** The container that copies or restores, in the program's own image. */
function step(name: string, { program, env, configMaps = {} }: PodProps, script: string, reads: boolean) {
  const { file } = program;
  return {
    name,
    image: image(program.name),
    command: ["sh", `${SCRIPTS}/${script}`],
    env: [...variables, ...env, ...(file ? [{ name: "DATA", value: `${DATA}/${file.path}` }] : [])],
    resources: shareResources(BACKUP_POD),
    volumeMount: [
      ...mounts,
      ...(file ? [{ name: "data", mountPath: DATA, ...(reads ? { readOnly: true } : {}) }] : []),
      ...Object.keys(configMaps).map((volume) => ({ name: volume, mountPath: `/${volume}`, readOnly: true })),
    ],
    // The file belongs to the program's user, who is not the same in each image; only a restore gives it away.
    ...(file ? { securityContext: asRoot(reads ? ["DAC_OVERRIDE"] : ["DAC_OVERRIDE", "CHOWN"]) } : {}),
  };
}

/** The container that brings backups into the bucket or from there. */
function upload({ program, env }: PodProps, { bucket, prefix, region, endpoint }: Bucket, script: string) {
  return {
    name: script === "upload.sh" ? "upload" : "download",
    image: image("rclone"),
    command: ["sh", `${SCRIPTS}/${script}`],
    env: [
      ...variables,
      ...env,
      { name: "BUCKET", value: `s3:${bucket}/${prefix}/${program.name}` },
      { name: "RCLONE_CONFIG", value: "/tmp/rclone.conf" },
      { name: "RCLONE_CONFIG_S3_TYPE", value: "s3" },
      { name: "RCLONE_CONFIG_S3_PROVIDER", value: endpoint === undefined ? "AWS" : "Other" },
      { name: "RCLONE_CONFIG_S3_REGION", value: region },
      ...(endpoint === undefined ? [] : [{ name: "RCLONE_CONFIG_S3_ENDPOINT", value: endpoint }]),
      // It may lack the right to make buckets, and need not.
      { name: "RCLONE_S3_NO_CHECK_BUCKET", value: "true" },
      fromSecret("RCLONE_CONFIG_S3_ACCESS_KEY_ID", BACKUPS_BUCKET.name, "access_key_id"),
      fromSecret("RCLONE_CONFIG_S3_SECRET_ACCESS_KEY", BACKUPS_BUCKET.name, "secret_access_key"),
    ],
    resources: shareResources(BACKUP_POD),
    volumeMount: mounts,
    // What root wrote, root reads.
    ...(program.file ? { securityContext: asRoot([]) } : {}),
  };
}

function asRoot(capabilities: readonly string[]) {
  return {
    ...RESTRICTED_CONTAINER,
    runAsNonRoot: false,
    runAsUser: "0",
    capabilities: {
      ...RESTRICTED_CONTAINER.capabilities,
      ...(capabilities.length > 0 ? { add: [...capabilities] } : {}),
    },
  };
}
