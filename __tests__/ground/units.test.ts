import fc from "fast-check";
import * as unit from "../../ground/units";

test.each([
  ["1", 1],
  ["128Mi", 128 * 2 ** 20],
  ["15Gi", 15 * 2 ** 30],
  ["1.5Ti", 1.5 * 2 ** 40],
  ["2k", 2000],
  ["3G", 3e9],
  ["15 Gi", NaN],
  ["15gi", NaN],
  ["Gi", NaN],
  ["-1Gi", NaN],
  ["", NaN],
])("bytes of %j", (text, expected) => expect(unit.bytes(text)).toBe(expected));

test.each([
  ["2", 2],
  ["500m", 0.5],
  ["0.25", 0.25],
  ["2 m", NaN],
  ["two", NaN],
  ["", NaN],
])("cores of %j", (text, expected) => expect(unit.cores(text)).toBe(expected));

test.each([
  ["72h", 72],
  ["30d", 720],
  ["52w", 8736],
  ["forever", Infinity],
  ["0h", NaN],
  ["1.5h", NaN],
  ["90m", NaN],
  ["72 h", NaN],
])("hours of %j", (text, expected) => expect(unit.hours(text)).toBe(expected));

test("a bigger number of the same unit is more, a bigger unit too", () => {
  const units = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1023 }), fc.integer({ min: 0, max: 4 }), (n, i) => {
      expect(unit.bytes(`${n + 1}${units[i]}`)).toBeGreaterThan(unit.bytes(`${n}${units[i]}`));
      expect(unit.bytes(`${n}${units[i + 1]}`)).toBe(1024 * unit.bytes(`${n}${units[i]}`));
    }),
  );
});

test("thousandths of cores are exact", () => {
  fc.assert(fc.property(fc.nat(64), (n) => expect(unit.cores(`${n * 1000}m`)).toBe(unit.cores(`${n}`))));
});

test("seven days are a week, 24 hours a day", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), (n) => {
      expect(unit.hours(`${7 * n}d`)).toBe(unit.hours(`${n}w`));
      expect(unit.hours(`${24 * n}h`)).toBe(unit.hours(`${n}d`));
    }),
  );
});

const version = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((numbers) => numbers.join("."));

test("versions are ordered by their numbers", () => {
  expect(unit.compareVersions("4.10.0", "4.9.9")).toBeGreaterThan(0);
  expect(unit.compareVersions("v1.36.5-k3s2", "v1.36.5-k3s1")).toBeGreaterThan(0);
  expect(unit.compareVersions("1.2.3", "1.2.3")).toBe(0);
  expect(unit.versionNumbers("latest")).toEqual([]);
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(Math.sign(unit.compareVersions(a, b))).toBe(0 - Math.sign(unit.compareVersions(b, a)));
      if (unit.compareVersions(a, b) <= 0 && unit.compareVersions(b, c) <= 0)
        expect(unit.compareVersions(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});

test("addresses of a prefix", () => {
  expect([24, 23, 22].map(unit.addressesOf)).toEqual([254, 510, 1022]);
});

test.each([
  [["lsst.codes", "localhost"], true],
  [
    ["https://lsst.codes", "LSST.codes", "a..b", "-a.b", "a.b:80", "a/b", "a".repeat(64), "a.".repeat(127) + "a", ""],
    false,
  ],
])("%j are host names: %j", (names, expected) => {
  for (const name of names) expect([name, unit.isHostName(name)]).toEqual([name, expected]);
});

test("time zones are those of the IANA database", () => {
  expect(["America/Santiago", "UTC"].map(unit.isTimeZone)).toEqual([true, true]);
  expect(["Chile", "", "America/santiago/x"].map(unit.isTimeZone)).toEqual([false, false, false]);
});
