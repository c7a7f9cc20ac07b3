/** What LOVE-manager's image needs of a pod, whatever it runs there. */
import type { LoveSpec } from "../../../environments/systems/love/schema";
import { loveImage } from "../pods";

/** Folder of the program in its image. */
const PROGRAM = "/usr/src/love/manager";
const ASTROPY_FOLDER = "/config";

/** ConfigMap with settings of astropy, by which managers tell sidereal time at each login. */
export const ASTROPY = "love-manager-astropy";

/**
 * The Earth's orientation comes from the table in astropy's own package, however old it is. Otherwise a login waits for
 * a download, and fails where the Internet is not reached and the table is older than a month.
 */
export const ASTROPY_SETTINGS = `[utils.iers.iers]
auto_download = False
auto_max_age = 100000.0
iers_degraded_accuracy = warn
`;

/** User of the program. Its image knows none but root, whose files everybody reads, and it writes only below /tmp. */
export const MANAGER_USER = 1000;

/** A container of the image, but for its command. */
export function managerContainer(spec: LoveSpec) {
  return {
    image: loveImage(spec, "manager"),
    workingDir: PROGRAM,
    env: [
      { name: "HOME", value: "/tmp" },
      // astropy reads below the folder of its name.
      { name: "XDG_CONFIG_HOME", value: ASTROPY_FOLDER },
    ],
    volumeMount: [
      { name: "tmp", mountPath: "/tmp" },
      { name: "astropy", mountPath: `${ASTROPY_FOLDER}/astropy`, readOnly: true },
    ],
  };
}

/** Volumes of that container. */
export const MANAGER_VOLUMES = [
  { name: "tmp", emptyDir: {} },
  { name: "astropy", configMap: { name: ASTROPY } },
];
