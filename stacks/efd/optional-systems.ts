/** Systems of the EFD that use Kafka and that a site may leave out. A new one is a folder in constructs and a line here. */
export { loveSystem } from "../../constructs/love";
export { mirrorSystem } from "../../constructs/mirror";
export { restProxySystem } from "../../constructs/rest-proxy";
