/** Checks of LOVE that ask its programs themselves: pods may be ready whose program no longer answers. */
import { HEALTH_PATH } from "../../../constructs/love/nginx/paths";
import { LOVE_SECRET } from "../../../constructs/love/secrets";
import { COMMANDER, type LoveService, NGINX, REDIS } from "../../../constructs/love/services";
import { loveOf } from "../../../environments/systems/love/schema";
import { NAMESPACE } from "../../../ground/namespaces";
import type { ServicePort } from "../../shared/clients/clients";
import { podBehind } from "../../shared/clients/endpoints";
import { size } from "../../shared/terminal/output";
import { redisFacts } from "./redis";
import { orDown } from "../model/down";
import type { Check, CheckProps, Verdict } from "../model/verdict";

const PAGE = "docs/love.md";
/** Share of its memory from which Redis is nearly full; above its ceiling it drops messages, then groups. */
const FULL = 0.8;

const portOf = ({ name, port }: LoveService): ServicePort => ({ namespace: NAMESPACE.love, service: name, port });

async function web({ clients }: CheckProps, program: LoveService, what: string, path: string): Promise<Verdict[]> {
  const common = { what, healthy: "it answers with status 200", page: PAGE };
  const { status, text } = await clients.inside(portOf(program)).ask({ path });
  if (status === 200) return [{ what, healthy: common.healthy, level: "ok", measured: "it answers" }];
  const measured = `it answers with status ${status}: ${text.slice(0, 100)}`;
  const remedy = `kubectl -n ${NAMESPACE.love} logs deployment/${program.workload}`;
  return [{ ...common, level: "fail", measured, remedy }];
}

async function redis({ clients }: CheckProps): Promise<Verdict[]> {
  const [{ pod, port }, password] = await Promise.all([
    podBehind(portOf(REDIS), clients.cluster),
    clients.secret(NAMESPACE.love, LOVE_SECRET, "redis-pass"),
  ]);
  const { used, most } = await redisFacts(await clients.tunnelTo(NAMESPACE.love, pod, port), password);
  const common = { what: "LOVE's Redis", healthy: `it answers, and is less than ${FULL * 100} % full` };
  const measured = `it holds ${size(used)} of at most ${size(most)}`;
  if (most === 0 || used < FULL * most) return [{ ...common, level: "ok", measured }];
  const clean = `kubectl -n ${NAMESPACE.love} create job clean --from=cronjob/love-manager-redis-cleanup`;
  return [{ ...common, level: "warn", measured, remedy: `${clean}; then raise love.redis.maxMemory`, page: PAGE }];
}

/** Checks of LOVE that ask its programs. */
export const loveAnswerChecks: readonly Check[] = [
  { title: "LOVE's nginx", run: (props: CheckProps) => web(props, NGINX, "LOVE's nginx", HEALTH_PATH) },
  // It can accept and not answer: then every view stands still.
  { title: "LOVE's commander", run: (props: CheckProps) => web(props, COMMANDER, "LOVE's commander", "/heartbeat/") },
  { title: "LOVE's Redis", run: redis },
].map(({ title, run }) => ({
  title,
  run: orDown(
    { what: title, healthy: "it answers", remedy: `see why: kubectl -n ${NAMESPACE.love} get pods`, page: PAGE },
    run,
  ),
  subject: "love",
  seconds: 15,
  applies: (site) => loveOf(site) !== undefined,
}));
