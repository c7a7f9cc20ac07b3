/** Cases that are files of their own: by what they need, or of one system. A new file is a line here. */
export { BY_HAND_CASES } from "./cases-by-hand";
export { DOCKER_CASES } from "./cases-docker";
export { DRIFT_CASES } from "./cases-drift";
export { GOOGLE_CASES } from "./cases-google";
export { LOVE_CASES } from "./cases-love";
export { POINT_CASES, SIZE_CASES } from "./cases-points";
export { REST_PROXY_CASES } from "./cases-rest-proxy";
export { STEP_CASES } from "./cases-steps";
