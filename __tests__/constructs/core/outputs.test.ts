import { Construct } from "constructs";
import { addOutput } from "../../../constructs/core/outputs";
import { built } from "../support";

test("an output has the name that it is given, wherever it is added, and a description", () => {
  const { output } = built((stack) => {
    addOutput(stack, "host", "kafka.example.org", "Host of Kafka");
    addOutput(new Construct(new Construct(stack, "a"), "b"), "brokers", ["one:1", "two:2"], "Brokers");
  }).json;
  expect(output).toEqual({
    host: { value: "kafka.example.org", description: "Host of Kafka" },
    brokers: { value: ["one:1", "two:2"], description: "Brokers" },
  });
});
