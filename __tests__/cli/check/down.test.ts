import { CHECKS } from "../../../cli/check/checks";
import { saysDown } from "../../../cli/check/model/down";
import { NoWay } from "../../../cli/shared/clients/tunnel";
import { ApiError, NoAnswer } from "../../../cli/shared/kubernetes/client";
import { UserError } from "../../../ground/errors";
import { checkProps } from "./support";

const TITLES = [
  "answer and login",
  "Chronograf's answer, sources and dashboards",
  "Kapacitor's answer",
  "brokers as the REST proxy lists them",
  "LOVE's nginx",
  "LOVE's commander",
];

/** What a check says where each question to a program ends so. */
async function run(title: string, error: Error, signal = new AbortController().signal) {
  const check = CHECKS.find((one) => one.title === title);
  const ask = () => Promise.reject(error);
  return check?.run(checkProps({ clients: { inside: () => ({ ask, stream: ask }) } }, { signal }));
}

test.each(TITLES)("%s: a program that is down fails, with what to do", async (title) => {
  const found = await run(title, new UserError("no ready pod behind it"));
  expect(found).toMatchObject([{ level: "fail", measured: "no ready pod behind it" }]);
  expect(found?.[0]?.remedy).toMatch(/kubectl -n /);
});

test.each(TITLES)("%s: one that nobody may ask is not called down", async (title) => {
  const error = new NoWay("no way to it: the cluster refuses it");
  await expect(run(title, error)).rejects.toBe(error);
});

test("what the API server says, and the end of the time, say nothing of a program", () => {
  const { signal } = new AbortController();
  expect(saysDown(new UserError("it does not answer"), signal)).toBe(true);
  for (const error of [new ApiError(403, "forbidden"), new NoAnswer("nothing"), new Error("a mistake")])
    expect(saysDown(error, signal)).toBe(false);
  expect(saysDown(new UserError("it does not answer"), AbortSignal.abort())).toBe(false);
});
