import { Strimzi } from "../../../constructs/kafka/strimzi";
import { built } from "../support";

const values = built((stack) => {
  new Strimzi(stack, "strimzi", { source: {}, dependsOn: [] });
}).values("strimzi");

test("it begins with more than the one core that the chart lets it have", () => {
  expect(values["resources"]).toEqual({
    requests: { cpu: "200m", memory: "384Mi" },
    limits: { cpu: null, memory: "512Mi" },
  });
});

test("an API server that is slow for 10 s does not end it, and a slow start of its own neither", () => {
  expect(values["extraEnvs"]).toEqual(
    expect.arrayContaining([
      { name: "STRIMZI_LEADER_ELECTION_LEASE_DURATION_MS", value: "60000" },
      { name: "STRIMZI_LEADER_ELECTION_RENEW_DEADLINE_MS", value: "45000" },
      { name: "STRIMZI_LEADER_ELECTION_RETRY_PERIOD_MS", value: "5000" },
    ]),
  );
  expect(values["livenessProbe"]).toEqual({ initialDelaySeconds: 60 });
});
