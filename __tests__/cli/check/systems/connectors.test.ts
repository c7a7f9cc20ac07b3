import { connectorVerdicts } from "../../../../cli/check/systems/connectors";
import type { CheckProps } from "../../../../cli/check/model/verdict";

/** What is said of connector `sink` when the workers say this of it. */
async function said(status: object | undefined): Promise<string> {
  const text = JSON.stringify(status ? { sink: { status } } : {});
  const site = {
    telegraf: { consumers: [] },
    connect: { sinks: [{ name: "sink", topics: ["a"], database: "efd" }] },
  };
  const clients = { inside: () => ({ ask: () => Promise.resolve({ status: 200, headers: {}, text }) }) };
  const [verdict] = await connectorVerdicts({ site, clients } as unknown as CheckProps);
  return `${verdict?.level} ${verdict?.measured}`;
}

const RUNNING = { state: "RUNNING" };
const trace = `org.apache.kafka.connect.errors.ConnectException: Exiting\n\tat a.b(C.java:1)\nCaused by: java.io.IOException: no room\n\tat d`;

test.each([
  ["all run", { connector: RUNNING, tasks: [RUNNING, RUNNING] }, "ok all 2 tasks are RUNNING"],
  [
    "a task failed while the connector runs",
    { connector: RUNNING, tasks: [RUNNING, { state: "FAILED", trace }] },
    "fail the connector is RUNNING, 1 of 2 tasks are FAILED: java.io.IOException: no room",
  ],
  [
    "the connector failed",
    { connector: { state: "FAILED", trace: "it broke" }, tasks: [] },
    "fail the connector is FAILED: it broke",
  ],
  ["it is paused", { connector: { state: "PAUSED" }, tasks: [{ state: "PAUSED" }] }, "warn some are PAUSED"],
  ["it has no task", { connector: RUNNING, tasks: [] }, "warn the connector is RUNNING and has no task"],
  ["the workers do not know it", undefined, "fail the workers do not have this connector"],
])("%s", async (_what, status, wanted) => {
  expect(await said(status)).toBe(wanted);
});
