import { type LoveNginxProps, LoveNginx } from "../../../../constructs/love/nginx/nginx";
import type { EfdReference } from "../../../../constructs/love/surroundings";
import { parseEnvironment } from "../../../../environments/parse";
import type { LoveSpec } from "../../../../environments/systems/love/schema";
import { inside, type StackView } from "../../../../synthesized/stack";
import { blockOf, blocksOf, type Directive, readNginx } from "../../../support/love/nginx-config";
import { tstn046Site } from "../../../support/love/tstn046";
import { built, unescaped, webWith } from "../../support";
import { loveSpecOf, named, partOf } from "../support";

/** LOVE of the made-up site with the sets of TSTN-046. */
export function tstn046(): LoveSpec {
  const { love } = parseEnvironment(tstn046Site);
  if (!love) throw new Error("the made-up site has no LOVE");
  return love;
}

/** What is changed in how nginx is made. */
export interface Changes {
  readonly spec?: Partial<LoveSpec>;
  readonly efd?: Partial<EfdReference>;
  readonly web?: LoveNginxProps["web"];
}

const known = new Map<string, StackView>();

/** nginx of a site as its file has it, or with changes. */
export function nginxOf(site: string, changes: Changes = {}): StackView {
  const { spec = {}, efd = {}, web = webWith() } = changes;
  const isChanged = Object.keys(changes).length > 0;
  const had = isChanged ? undefined : known.get(site);
  if (had) return had;
  const whole = { ...(site === "tstn046" ? tstn046() : loveSpecOf(site)), ...spec };
  const view = built((stack) => void new LoveNginx(stack, "nginx", { ...partOf(whole, { efd }), web }));
  if (!isChanged) known.set(site, view);
  return view;
}

/** Files of a ConfigMap. */
export function filesOf(view: StackView, name: string): Record<string, string> {
  const data = inside(named(view, "kubernetes_config_map_v1", name), "data") as Record<string, string>;
  return Object.fromEntries(Object.entries(data).map(([file, text]) => [file, unescaped(text)]));
}

/** nginx's configuration, read. */
export interface Config {
  readonly main: readonly Directive[];
  readonly http: readonly Directive[];
  readonly server: readonly Directive[];
  /** By their arguments: a path, or `=` and a path. */
  readonly locations: Readonly<Record<string, readonly Directive[]>>;
  readonly upstreams: Readonly<Record<string, readonly Directive[]>>;
}

/** The configuration of a site's nginx. */
export function configOf(site: string, changes?: Changes): Config {
  const main = readNginx(filesOf(nginxOf(site, changes), "nginx-conf")["nginx.conf"] ?? "");
  const http = blockOf(main, "http");
  const server = blockOf(http, "server");
  return { main, http, server, locations: blocksOf(server, "location"), upstreams: blocksOf(http, "upstream") };
}
