/** Everything that a site consists of. To add a system, add a folder beside these and an entry here. */
import { ingest } from "../general/ingest";
import { login } from "../general/login";
import { site } from "../general/site";
import { state } from "../general/state";
import { backups } from "./backups";
import { certificates } from "./certificates";
import { chronograf } from "./chronograf";
import { cluster } from "./cluster";
import { connect } from "./connect";
import { dns } from "./dns";
import { influxdb } from "./influxdb";
import { ingress } from "./ingress";
import { kafka } from "./kafka";
import { kapacitor } from "./kapacitor";
import { love } from "./love";
import { mirror } from "./mirror";
import { registry } from "./registry";
import { restProxy } from "./rest-proxy";
import { secrets } from "./secrets";
import { storage } from "./storage";
import { telegraf } from "./telegraf";

/** In the order of a site's file. */
export const SYSTEMS = [
  site,
  cluster,
  state,
  storage,
  certificates,
  dns,
  secrets,
  ingress,
  login,
  kafka,
  registry,
  influxdb,
  chronograf,
  kapacitor,
  telegraf,
  connect,
  mirror,
  restProxy,
  backups,
  love,
  ingest,
] as const;
