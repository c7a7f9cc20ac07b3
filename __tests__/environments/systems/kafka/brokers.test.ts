import fc from "fast-check";
import { hostsOf } from "../../../../environments/derived/hosts";
import { parseEnvironment } from "../../../../environments/parse";
import { outerAccess } from "../../../../environments/systems/kafka/brokers";
import { hostOf } from "../../../../environments/values/host-names";
import { gkeSite, siteWith } from "../../../support/environment";

test("a broker is found at its own NodePort, under the name of its position", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 6, max: 999 }), { minLength: 3, maxLength: 9 }),
      fc.integer({ min: 31100, max: 32700 }),
      (ids, first) => {
        const brokers = ids.map((id, i) => ({ id, nodePort: first + i }));
        const site = parseEnvironment(siteWith({ "kafka.brokers": brokers }));
        expect(outerAccess(site.kafka, (app) => hostOf(site, app)).brokers).toEqual(
          brokers.map(({ id, nodePort }, position) => ({
            id,
            position,
            host: `kafka-${position}-toy-efd.example.org`,
            port: nodePort,
            nodePort,
          })),
        );
      },
    ),
  );
});

test("behind load balancers all have one port; every outer name is a host of the site", () => {
  const site = parseEnvironment(gkeSite());
  const { bootstrap, brokers } = outerAccess(site.kafka, (app) => hostOf(site, app));
  expect([bootstrap, ...brokers].map(({ port, nodePort }) => [port, nodePort])).toEqual(
    Array(4).fill([9094, undefined]),
  );
  expect(hostsOf(site)).toEqual(expect.arrayContaining([bootstrap, ...brokers].map(({ host }) => host)));
});
