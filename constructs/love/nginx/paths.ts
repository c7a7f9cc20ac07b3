/** Paths by which browsers and producers reach LOVE, and files in nginx's pod. */

/** The path below which all of LOVE is: the application that browsers load is built with it. */
export const LOVE_PATH = "/love";
/** Path of the managers. */
export const MANAGER_PATH = `${LOVE_PATH}/manager`;
/** Where a view asks which brokers Kafka has. */
export const SAL_STATUS_PATH = `${LOVE_PATH}/sal-status`;
/** Answers once nginx has its files. */
export const HEALTH_PATH = `${LOVE_PATH}/nginx-health`;

/** Folder of what the init containers brought. */
export const ASSETS = "/usr/src";
/** The application that browsers load, in a folder that is called as its path. */
export const APPLICATION = `${ASSETS}/love-frontend`;
/** Files of the managers: pictures and configurations in `media`, what Django's own pages need in `static`. */
export const MANAGER_FILES = `${ASSETS}/love-manager`;
/** LOVE's configurations. */
export const CONFIGURATIONS = `${MANAGER_FILES}/media/configs`;
/** The only folder in which nginx may write. */
export const WRITABLE = "/tmp";
/** nginx's name servers, which its pod writes when it starts. */
export const RESOLVER = `${WRITABLE}/resolver.conf`;
