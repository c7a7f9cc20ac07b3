import { MAY_DESCRIBE_CLUSTER, MAY_READ_ALL, mayJoin, mayRead, mayUse } from "../../../constructs/kafka/rights";
import { at } from "../support";

describe("rights", () => {
  test.each([
    ["read by prefix", mayRead("lsst.sal"), [["topic", "lsst.sal", "prefix", ["Read", "Describe", "DescribeConfigs"]]]],
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
    expect(mayRead()).toEqual([]);
    expect(mayUse()).toEqual([]);
  });
});
