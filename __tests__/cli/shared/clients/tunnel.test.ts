import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { openTunnel } from "../../../../cli/shared/clients/tunnel";
import { UserError } from "../../../../ground/errors";
import { type FakeApi, fakeApi, type FakeApiProps } from "./fake-api";

/** Bytes that are more than the buffers of all sockets on the way hold. */
const MOST_HELD = 256 * 2 ** 20;

let api: FakeApi | undefined;
let pod: Server | undefined;
afterEach(() => {
  api?.close();
  pod?.close();
});

/** A program in a pod, by what it does with a connection. */
function program(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer(serve);
  pod = server;
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function open(port: number, props?: FakeApiProps, signal: AbortSignal = new AbortController().signal) {
  api = await fakeApi(props);
  return openTunnel({ namespace: "n", pod: "p", port }, { server: api.url, login: {}, signal });
}

test("bytes go both ways, and the end of the program ends the stream", async () => {
  const port = await program((socket) => {
    socket.on("data", (chunk) => socket.end(`got ${chunk.toString()}`));
  });
  const stream = await open(port);
  stream.write("a");
  let text = "";
  for await (const part of stream) text += String(part);
  expect(text).toBe("got a");
  expect(api?.asked).toEqual([`/api/v1/namespaces/n/pods/p/portforward?ports=${port}`]);
});

test("nothing that listens in the pod is an error that says so", async () => {
  const stream = await open(1);
  await expect(stream.toArray()).rejects.toThrow(
    /^no way to port 1 of pod n\/p: error forwarding port 1: .*ECONNREFUSED/,
  );
});

test("a refusal of the cluster is told with its reason, and which rights it takes", async () => {
  const refused = open(1, { refuses: [403, '{"message":"pods \\"p\\" is forbidden"}'] });
  await expect(refused).rejects.toThrow(
    'no way to port 1 of pod n/p: the cluster refuses it: pods "p" is forbidden; the kubeconfig\'s account needs get and create on pods/portforward',
  );
  await expect(refused).rejects.toBeInstanceOf(UserError);
  api?.close();
  await expect(open(1, { refuses: [500, ""] })).rejects.toThrow("the cluster refuses it: status 500");
});

test("a cluster that does not answer", async () => {
  const signal = new AbortController().signal;
  const opening = openTunnel(
    { namespace: "n", pod: "p", port: 1 },
    { server: new URL("http://127.0.0.1:1"), login: {}, signal },
  );
  await expect(opening).rejects.toThrow(/the API server does not answer at http:\/\/127.0.0.1:1: .*ECONNREFUSED/);
});

test("the signal ends a way at once, also one that is not open yet", async () => {
  const reason = new UserError("the check's time is over");
  const controller = new AbortController();
  const opening = open(1, { isSilent: true }, controller.signal);
  await sleep(20);
  controller.abort(reason);
  await expect(opening).rejects.toBe(reason);
  api?.close();

  const other = new AbortController();
  const port = await program(() => undefined);
  const stream = await open(port, {}, other.signal);
  const ended = stream.toArray();
  other.abort(reason);
  await expect(ended).rejects.toBe(reason);
});

test("a slow reader slows the program down", async () => {
  let written = 0;
  const port = await program((socket) => {
    socket.on("error", () => undefined);
    const fill = () => {
      while (socket.write(Buffer.alloc(64 * 1024))) written += 64 * 1024;
      socket.once("drain", fill);
    };
    fill();
  });
  const stream = await open(port);
  stream.once("readable", () => undefined);
  for (let before = -1; before !== written && written < MOST_HELD; await sleep(300)) before = written;
  expect(written).toBeLessThan(MOST_HELD);
  stream.destroy();
});
