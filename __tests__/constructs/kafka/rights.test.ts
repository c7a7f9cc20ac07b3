import { MAY_DESCRIBE_CLUSTER, MAY_READ_ALL, mayDo, mayJoin, mayUse } from "../../../constructs/kafka/rights";
import { at } from "../support";

describe("rights", () => {
  test.each([
    [
      "some things by prefix and by whole name",
      mayDo(["Read", "Describe"], { prefixes: ["lsst.sal"], topics: ["lsst.s3.raw"] }),
      [
        ["topic", "lsst.sal", "prefix", ["Read", "Describe"]],
        ["topic", "lsst.s3.raw", "literal", ["Read", "Describe"]],
      ],
    ],
    [
      "use by prefix",
      mayUse("lsst.sal", "lsst.s3"),
      [
        ["topic", "lsst.sal", "prefix", ["All"]],
        ["topic", "lsst.s3", "prefix", ["All"]],
      ],
    ],
    ["read all", [MAY_READ_ALL], [["topic", "*", "literal", ["Read", "Describe"]]]],
    ["join groups by prefix", [mayJoin("telegraf-")], [["group", "telegraf-", "prefix", ["Read", "Describe"]]]],
    ["join all groups", [mayJoin("*")], [["group", "*", "literal", ["All"]]]],
    [
      "describe the cluster",
      [MAY_DESCRIBE_CLUSTER],
      [["cluster", undefined, undefined, ["Describe", "DescribeConfigs"]]],
    ],
  ])("%s", (_what, acls, expected) => {
    expect(
      acls.map(({ resource, operations }) => [
        resource.type,
        at(resource, "name"),
        at(resource, "patternType"),
        operations,
      ]),
    ).toEqual(expected);
  });

  test("a word of no length would be every topic: nobody gets it by a list without entries", () => {
    expect(mayDo(["All"], { prefixes: [], topics: [] })).toEqual([]);
    expect(mayUse()).toEqual([]);
  });
});
