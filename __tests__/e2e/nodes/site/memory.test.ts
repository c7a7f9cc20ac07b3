import { heldBytes } from "../../../../e2e/nodes/site/memory";

describe("memory of a node", () => {
  it("is its use without files that it could give back, in either version of control groups", () => {
    expect(heldBytes("1000\nanon 700\ninactive_file 200\nactive_file 100\n")).toBe(800);
    expect(heldBytes("1000\ncache 5\ninactive_file 1\ntotal_cache 300\ntotal_inactive_file 250\n")).toBe(750);
  });

  it("is no number where nothing was read", () => {
    expect(heldBytes("")).toBeNaN();
  });
});
