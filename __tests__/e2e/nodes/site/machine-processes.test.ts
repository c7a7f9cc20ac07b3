import { ofProcess, podIn } from "../../../../e2e/nodes/site/machine-processes";

const UID = "0d2a4f0e-6b1b-4c64-9f0c-0c7d2a3f9c11";

test.each([
  ["version 1", `5:cpu:/docker/4f/kubepods/burstable/pod${UID}/9c\n4:pids:/docker/4f/kubepods/burstable/pod${UID}/9c`],
  ["version 2", `0::/docker/4f/kubepods/besteffort/pod${UID}/9c`],
  ["guaranteed", `0::/docker/4f/kubepods/pod${UID}/9c`],
])("a pod by its control groups: %s", (_version, groups) => {
  expect(podIn(groups)).toBe(UID);
});

test("a node is no pod, and who has ended has no files", () => {
  expect(podIn("5:cpu:/docker/4f\n0::/docker/4f/init")).toBeUndefined();
  expect(ofProcess(2 ** 30, "status")).toBe("");
  expect(ofProcess(process.pid, "status")).toMatch(/^Name:/);
});
