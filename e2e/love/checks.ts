/** What must hold of nginx before LOVE's managers. */
import { renameSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../ground/errors";
import { until } from "../../cli/shared/process/until";
import type { Checks } from "../data-path/check";
import type { Behind } from "./site";
import { SHUTDOWN } from "../../constructs/love/nginx/config";
import { RESTARTS, type Seen, type StandIn } from "./stand-in";
import { ClientSocket } from "./websocket";
import type { World } from "./world";

/** What browsers and producers log in with. */
export const SECRETS = { token: "token-that-nobody-may-read", password: "password-that-nobody-may-read" };
const BROWSER = `/love/manager/ws/subscription?token=${SECRETS.token}`;
const producer = (route: string) => `/love/manager/${route}/ws/subscription/?password=${SECRETS.password}`;
/** Seconds for what a quiet machine does at once; they end only what hangs. */
const PATIENCE = 120;
/** How far from even the sockets of frontends may be. */
const UNEVEN = 0.2;
/** An upload that LOVE takes. */
const UPLOAD = 5 * 1024 * 1024;

const seenBy = ({ hello }: ClientSocket): Seen => JSON.parse(hello) as Seen;

/** The status of an answer, or why there is none. */
const statusOf = (asked: Promise<Response>): Promise<number | string> => asked.then(({ status }) => status, String);

/** Opens so many sockets, by one nginx after the other, some at a time. */
async function openMany(world: World, count: number, path = BROWSER): Promise<ClientSocket[]> {
  const opened: ClientSocket[] = [];
  for (let done = 0; done < count; done += 20) {
    const some = Array.from({ length: Math.min(20, count - done) }, (_, index) => (done + index) % world.urls.length);
    opened.push(...(await Promise.all(some.map((one) => ClientSocket.open(`${world.urls[one]}${path}`)))));
  }
  return opened;
}

const socketsOf = (pods: readonly StandIn[]) => pods.map(({ sockets }) => sockets.size);

/** Whether nobody has more or less than a fifth of what each would have, once those that were closed before are gone. */
async function even(checks: Checks, what: string, pods: readonly StandIn[], total: number): Promise<void> {
  await until(PATIENCE, () => Promise.resolve(socketsOf(pods).reduce((a, b) => a + b) === total || undefined));
  const counts = socketsOf(pods);
  const each = total / pods.length;
  const isEven = counts.every((count) => Math.abs(count - each) <= UNEVEN * each);
  checks.same(
    `${what}: ${counts.join(", ")}`,
    { isEven, total: counts.reduce((a, b) => a + b) },
    { isEven: true, total },
  );
}

/** Every nginx has got to know new pods: one of them gets the next socket, for they have none. */
async function known(world: World, pods: readonly StandIn[]): Promise<void> {
  const names = pods.map(({ name }) => name);
  for (const url of world.urls) {
    const reached = await until(PATIENCE, async () => {
      const socket = await ClientSocket.open(`${url}${BROWSER}`);
      const by = seenBy(socket).by;
      await socket.close();
      return names.includes(by) || undefined;
    });
    if (!reached) throw new Error(`nginx did not find ${names.join(", ")}`);
  }
}

/** Each route leads to its set, with what nginx was asked. */
export async function routes(world: World, checks: Checks, sets: Readonly<Record<string, Behind>>): Promise<void> {
  for (const [route, { name, pods }] of Object.entries(sets)) {
    const count = Math.max(2, 2 * pods);
    const sockets = await openMany(world, count, producer(route));
    const seen = sockets.map(seenBy);
    const one = { url: producer(route), host: new URL(world.urls[0] ?? "").hostname };
    checks.same(
      `route ${route}`,
      {
        by: [...new Set(seen.map(({ by }) => by))].sort(),
        one: { url: seen[0]?.url, host: seen[0]?.headers.host },
      },
      { by: pods === 1 ? [name] : Array.from({ length: pods }, (_, index) => `${name}-${index + 1}`).sort(), one },
    );
    for (const socket of sockets) await socket.close();
  }
}

/** Files, managers, cameras, the state of SAL. */
export async function locations(world: World, checks: Checks, restProxy: StandIn | undefined): Promise<void> {
  const [url = ""] = world.urls;
  const text = (path: string) => fetch(`${url}${path}`).then((answer) => answer.text());
  const files = {
    "/love": "the application",
    "/love/": "the application",
    "/love/uif/view?id=1": "the application",
    "/love/static/js/main.js": "its program",
    "/love/media/thumbnails/one.png": "a picture",
    "/love/manager/media/thumbnails/one.png": "a picture",
    "/love/manager/static/admin/base.css": "a style",
    "/love/media/configs/default.json": world.pod.configurations.files["default.json"],
    "/love/manager/media/configs/no-alarms.json": world.pod.configurations.files["no-alarms.json"],
  };
  for (const [path, wanted] of Object.entries(files)) checks.same(`file ${path}`, await text(path), wanted);
  checks.same("a file that is not there", (await fetch(`${url}/love/media/nothing.png`)).status, 404);
  checks.same("outside the folder", (await fetch(`${url}/love/media../static/admin/base.css`)).status, 404);
  const type = (await fetch(`${url}/love/static/js/main.js`)).headers.get("content-type");
  checks.same("type of a program", type?.replace(/;.*/, "").replace("text/", "application/"), "application/javascript");

  const asked = await fetch(`${url}/love/manager/api/x?y=1`, { headers: { "X-Real-IP": "192.0.2.7" } });
  const seen = (await asked.json()) as Seen;
  checks.same(
    "a frontend",
    {
      by: seen.by.replace(/-\d+$/, ""),
      url: seen.url,
      client: seen.headers["x-real-ip"],
      upgrade: seen.headers.upgrade,
    },
    { by: "love-manager-frontend", url: "/love/manager/api/x?y=1", client: "192.0.2.7", upgrade: undefined },
  );
  checks.same("what nginx says of itself", asked.headers.get("server"), "nginx");
  const post = (bytes: number) =>
    fetch(`${url}/love/manager/api/upload?token=${SECRETS.token}`, { method: "POST", body: Buffer.alloc(bytes) });
  checks.same("an upload", ((await (await post(UPLOAD)).json()) as Seen).body, UPLOAD);
  checks.same("a larger one", await statusOf(post(UPLOAD + 1)), 413);

  if (restProxy) {
    const headers = { Authorization: "Basic x", Cookie: "a=b" };
    const state = await fetch(`${url}/love/sal-status`, { headers });
    checks.same("state of SAL", await state.json(), { brokers: [0] });
    const [one] = restProxy.requests;
    checks.same(
      "what the REST proxy is asked",
      { method: one?.method, url: one?.url, logins: [one?.headers.authorization, one?.headers.cookie] },
      { method: "GET", url: "/brokers", logins: [undefined, undefined] },
    );
    const others = [];
    for (const method of ["POST", "PUT", "DELETE"])
      others.push((await fetch(`${url}/love/sal-status`, { method })).status);
    checks.same(
      "anything else",
      { others, requests: restProxy.requests.length },
      { others: [403, 403, 403], requests: 1 },
    );
  } else checks.same("state of SAL of a site without REST proxy", await text("/love/sal-status"), "the application");
}

/** Health, which says whether the files are there. */
export async function health(world: World, checks: Checks, application: string): Promise<void> {
  const ask = () => fetch(`${world.urls[0]}/love/nginx-health`).then(({ status }) => status);
  checks.same("healthy", await ask(), 200);
  renameSync(application, `${application}.away`);
  checks.same("without files", await ask(), 503);
  renameSync(`${application}.away`, application);
}

/** Sockets spread evenly over two frontends, and go to a third one once it is there. */
export async function balance(world: World, checks: Checks, frontends: Behind, pods: StandIn[]): Promise<void> {
  const first = await openMany(world, 200);
  await even(checks, "200 sockets over two frontends", pods, 200);
  if (!world.program.asks) {
    for (const socket of first) await socket.close();
    return;
  }
  const third = (await world.start({ ...frontends, name: `${frontends.name}-new`, pods: 1 }))[0] as StandIn;
  await known(world, [third]);
  const more = await openMany(world, 100);
  const all = [...pods, third];
  await even(checks, "100 more after a third was added", all, 300);

  // One leaves as a pod does: out of the names, then the end, which its sockets are told.
  world.found(
    frontends.host,
    pods.map(({ address }) => address),
  );
  await sleep(7000);
  const leaving = third.sockets.size;
  const gone: number[] = [];
  for (const { closed } of [...first, ...more]) void closed.then((code) => gone.push(code));
  await third.ends();
  await until(PATIENCE, () => Promise.resolve(gone.length >= leaving || undefined));
  // Time for those that should not close.
  await sleep(1000);
  checks.same(
    "a frontend that ends: codes of the sockets that closed",
    gone,
    Array.from({ length: leaving }, () => RESTARTS),
  );
  const back = await openMany(world, leaving);
  await even(checks, "they open anew at the others", pods, 300);
  for (const socket of [...first, ...more, ...back]) await socket.close();
}

/** A frontend that is gone at once: whoever comes next is led to another one. */
export async function death(world: World, checks: Checks, pods: StandIn[]): Promise<void> {
  const [dead, alive] = pods as [StandIn, StandIn];
  const sockets = await openMany(world, 4);
  await dead.stop();
  const others = await openMany(world, 20);
  checks.same(
    "new sockets after one died",
    others.map((one) => seenBy(one).by).filter((by) => by !== alive.name),
    [],
  );
  for (const socket of [...sockets, ...others]) await socket.close();
}

/** A set whose pod is gone: producers are told, and try again. */
export async function emptySet(
  world: World,
  checks: Checks,
  sets: Readonly<Record<string, readonly StandIn[]>>,
): Promise<void> {
  const [[route, pods] = ["", []]] = Object.entries(sets);
  for (const pod of pods) await pod.stop();
  const opened = await ClientSocket.open(`${world.urls[0]}${producer(route)}`).catch(messageOf);
  checks.same("a set without pods", opened, "status 502");
}

/** More frontends than fit into one answer by UDP. */
export async function many(world: World, checks: Checks, frontends: Behind): Promise<StandIn[]> {
  world.found(frontends.host, []);
  const name = `${frontends.name}-many`;
  const pods = await world.start({ ...frontends, name });
  await known(world, pods);
  const sockets = await openMany(world, 4 * pods.length);
  await even(checks, `${sockets.length} sockets over ${pods.length} frontends`, pods, sockets.length);
  checks.same("names were asked for by TCP", world.names.byTcp > 0, true);
  for (const socket of sockets) await socket.close();
  return pods;
}

/** A camera that nobody finds stops nothing, and is there once its name is. */
export async function cameras(world: World, checks: Checks): Promise<void> {
  const [url = ""] = world.urls;
  const rest = `/live?token=${SECRETS.token}`;
  for (const { path, behind, asked } of world.site.cameras()) {
    const ask = () => fetch(`${url}/love/${path}${rest}`);
    if (world.program.asks) {
      checks.same(`camera ${path}, whose name nobody knows`, await statusOf(ask()), 502);
      await world.start(behind);
    }
    const answer = await until(PATIENCE, async () => ((await statusOf(ask())) === 200 ? ask() : undefined));
    const got = (await answer?.json()) as Seen | undefined;
    checks.same(`camera ${path}`, got && { by: got.by, url: got.url, host: got.headers.host }, {
      by: behind.name,
      ...asked(rest, new URL(url).hostname),
    });
  }
}

/** nginx ends as its pod does: what is under way at a frontend is answered, and sockets do not keep it. */
export async function end(world: World, checks: Checks, frontends: readonly StandIn[]): Promise<void> {
  const [nginx] = world.nginx;
  if (!nginx) throw new Error("there is no nginx");
  const socket = await ClientSocket.open(`${nginx.url}${BROWSER}`);
  const slow = statusOf(fetch(`${nginx.url}/love/manager/api/slow`));
  const isUnderWay = () => frontends.some(({ requests }) => requests.some(({ url }) => url.endsWith("/slow")));
  await until(PATIENCE, () => Promise.resolve(isUnderWay() || undefined));
  const begin = Date.now();
  const code = await nginx.ends(PATIENCE);
  const seconds = (Date.now() - begin) / 1000;
  checks.same("nginx that ends answers what is under way", await slow, 200);
  checks.same(
    "it ends",
    { code, inTime: seconds < SHUTDOWN + 10, socketOpen: socket.isOpen },
    { code: 0, inTime: true, socketOpen: false },
  );
}

/** No log has what somebody logs in with; each failure that was provoked is in one. */
export async function secrecy(world: World, checks: Checks): Promise<void> {
  const requests = () => world.said.split("\n").filter((line) => line.startsWith("{"));
  const missing = () => {
    const statuses = new Set(requests().map((line) => (JSON.parse(line) as { status: string }).status));
    return ["101", "200", "413", "502"].filter((status) => !statuses.has(status));
  };
  // nginx writes of a request when it has ended.
  await until(PATIENCE, () => Promise.resolve(missing().length === 0 || undefined));
  checks.same("answers that no log has", missing(), []);
  const secret = world.said.split("\n").filter((line) => Object.values(SECRETS).some((one) => line.includes(one)));
  checks.same("lines with a credential", secret.slice(0, 3), []);
  checks.same(
    "lines of probes",
    requests().filter((line) => line.includes("nginx-health")),
    [],
  );
}
