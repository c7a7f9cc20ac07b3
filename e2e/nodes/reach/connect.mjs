// Tries to connect to each `address port` of its argument, from the network that it runs in; prints which let it in.
import { connect } from "node:net";

const targets = JSON.parse(process.argv[2]);
const SECONDS = 20;
const tried = targets.map(
  ({ address, port }) =>
    new Promise((resolve) => {
      const socket = connect({ host: address, port });
      const end = (open) => {
        socket.destroy();
        resolve(open);
      };
      socket.setTimeout(SECONDS * 1000, () => end(false));
      socket.once("connect", () => end(true));
      socket.once("error", () => end(false));
    }),
);
console.log(JSON.stringify(await Promise.all(tried)));
