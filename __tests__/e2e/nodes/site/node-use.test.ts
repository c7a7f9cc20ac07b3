import { heldBytes, memoryLine, spentNanoseconds } from "../../../../e2e/nodes/site/node-use";

describe("what a node takes", () => {
  const second = "1000\nanon 700\ninactive_file 200\nactive_file 100\nusage_usec 5000\nuser_usec 4000\n";
  const first = "1000\ncache 5\ninactive_file 1\ntotal_cache 300\ntotal_inactive_file 250\nusage_nsec 7000\n";

  it("is its memory without files that it could give back, in either version of control groups", () => {
    expect(heldBytes(second)).toBe(800);
    expect(heldBytes(first)).toBe(750);
  });

  it("is its time of cores in nanoseconds, in either version", () => {
    expect(spentNanoseconds(second)).toBe(5_000_000);
    expect(spentNanoseconds(first)).toBe(7000);
  });

  it("is no number where nothing was read", () => {
    expect(heldBytes("")).toBeNaN();
    expect(spentNanoseconds("")).toBeNaN();
  });

  it("is said of each and of all", () => {
    const of = (mib: number) => ({ bytes: mib * 2 ** 20 });
    expect(
      memoryLine(
        new Map([
          ["master", of(900)],
          ["kube-0", of(1800)],
        ]),
      ),
    ).toBe("master 900 MiB, kube-0 1800 MiB, together 2700 MiB");
  });
});
