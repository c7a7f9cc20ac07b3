/** Systems of the EFD that use Kafka and that a site may leave out. A new one is a folder in constructs and a line here. */
export { mirror } from "../../constructs/mirror";
export { restProxy } from "../../constructs/rest-proxy";
