/** Draws numbers over UTC as SVG: a panel for each field, one below the other, with one time axis. */
import { scaleLinear, scaleUtc } from "d3-scale";

/** A point of a field; milliseconds since 1970. */
export interface Point {
  readonly time: number;
  readonly value: number;
  /** Least and greatest value of the time that the point stands for. @default - it is one value */
  readonly range?: readonly [least: number, greatest: number];
}

/** A field. */
export interface Curve {
  readonly name: string;
  /** In the order of their times. */
  readonly points: readonly Point[];
}

/** A picture. */
export interface PlotProps {
  readonly title: string;
  /** Lines below the title: what is drawn, and how. */
  readonly subtitles: readonly string[];
  /** Milliseconds since 1970 in UTC. */
  readonly since: number;
  readonly until: number;
  /** Milliseconds without a point after which a line is broken. */
  readonly gap: number;
  readonly curves: readonly Curve[];
}

const WIDTH = 1000;
const PANEL = 130;
/** Pixels between panels, where the name of the next one stands. */
const SPACE = 34;
const [LEFT, RIGHT, LINE] = [120, 24, 18] as const;
/** Characters that have room beside the axis. */
const LONGEST_NUMBER = 14;
const [TIME_TICKS, VALUE_TICKS] = [9, 4] as const;
/** Colours that people of any sight tell apart (Okabe and Ito, 2008), without the yellow, which is weak on white. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000"] as const;
const [SECOND, MINUTE, DAY] = [1000, 60_000, 86_400_000] as const;

/** The picture as SVG. */
export function picture(props: PlotProps): string {
  const { title, subtitles, since, until, curves } = props;
  const top = 34 + subtitles.length * LINE + SPACE;
  const bottom = top + curves.length * (PANEL + SPACE) - SPACE;
  const height = bottom + 64;
  const x = scaleUtc([new Date(since), new Date(until)], [LEFT, WIDTH - RIGHT]);
  const format = x.tickFormat(TIME_TICKS, timeFormat(until - since));
  const ticks = x.ticks(TIME_TICKS).map((time) => {
    const at = round(x(time));
    return `<line x1="${at}" x2="${at}" y1="${top}" y2="${bottom}" stroke="#e4e4e4"/><text x="${at}" y="${bottom + 18}" text-anchor="middle">${format(time)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="sans-serif" font-size="12" fill="#222">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${LEFT}" y="28" font-size="17" font-weight="bold">${escaped(title)}</text>`,
    ...subtitles.map((line, i) => `<text x="${LEFT}" y="${28 + (i + 1) * LINE}" fill="#555">${escaped(line)}</text>`),
    ...ticks,
    ...curves.map((curve, i) => panel(curve, i, top + i * (PANEL + SPACE), props, (time) => round(x(time)))),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${bottom + 40}" text-anchor="middle">time (UTC)</text>`,
    `<text x="${LEFT}" y="${bottom + 56}" font-size="11" fill="#555">InfluxDB does not know units: they are those of the topic's schema.</text>`,
    "</svg>",
    "",
  ].join("\n");
}

/** A format of d3-time-format by the length of the axis. */
function timeFormat(length: number): string {
  if (length < 10 * SECOND) return "%H:%M:%S.%L";
  if (length < 10 * MINUTE) return "%H:%M:%S";
  if (length < DAY) return "%H:%M";
  return length < 10 * DAY ? "%m-%d %H:%M" : "%Y-%m-%d";
}

function panel(
  { name, points }: Curve,
  position: number,
  top: number,
  { gap }: PlotProps,
  x: (time: number) => number,
): string {
  const colour = COLOURS[position % COLOURS.length] ?? COLOURS[0];
  const [least, greatest] = extent(points);
  const y = scaleLinear(least === greatest ? [least - 1, greatest + 1] : [least, greatest], [top + PANEL, top]).nice(
    VALUE_TICKS,
  );
  const format = y.tickFormat(VALUE_TICKS);
  const lines = y.ticks(VALUE_TICKS).map((value) => {
    const at = round(y(value));
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" stroke="#e4e4e4"/><text x="${LEFT - 8}" y="${at + 4}" text-anchor="end"${squeezed(format(value))}>${format(value)}</text>`;
  });
  const place = ({ time, value }: Point) => `${x(time)},${round(y(value))}`;
  const drawn = runs(points, gap).flatMap((run) => {
    const [first] = run;
    if (first && run.length === 1) {
      const [cx = 0, cy = 0] = place(first).split(",");
      return [`<circle cx="${cx}" cy="${cy}" r="1.6" fill="${colour}"/>`];
    }
    const band = run.filter(({ range }) => range !== undefined);
    const edge = (side: 0 | 1, all: readonly Point[]) =>
      all.map(({ time, range }) => `${x(time)},${round(y(range?.[side] ?? 0))}`);
    const outline = [...edge(1, band), ...edge(0, [...band].reverse())];
    return [
      ...(outline.length > 0 ? [`<polygon points="${outline.join(" ")}" fill="${colour}" fill-opacity="0.18"/>`] : []),
      `<polyline points="${run.map(place).join(" ")}" fill="none" stroke="${colour}" stroke-width="1.4" stroke-linejoin="round"/>`,
    ];
  });
  const empty = `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${top + PANEL / 2}" text-anchor="middle" fill="#555">no points</text>`;
  return [
    ...(points.length > 0 ? lines : [empty]),
    `<rect x="${LEFT}" y="${top}" width="${WIDTH - LEFT - RIGHT}" height="${PANEL}" fill="none" stroke="#999"/>`,
    ...drawn,
    `<rect x="${LEFT}" y="${top - 16}" width="12" height="10" fill="${colour}"/><text x="${LEFT + 18}" y="${top - 7}" font-weight="bold">${escaped(name)}</text>`,
  ].join("\n");
}

/** A long number is written closer: it must not leave the picture. */
function squeezed(text: string): string {
  return text.length > LONGEST_NUMBER ? ` textLength="${LEFT - 16}" lengthAdjust="spacingAndGlyphs"` : "";
}

function extent(points: readonly Point[]): [least: number, greatest: number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (const { value, range: [low, high] = [value, value] } of points) {
    least = Math.min(least, low);
    greatest = Math.max(greatest, high);
  }
  return points.length > 0 ? [least, greatest] : [0, 1];
}

/** Points between which no time is too long: a line over a gap would show values that nobody measured. */
function runs(points: readonly Point[], gap: number): Point[][] {
  const found: Point[][] = [];
  let last = -Infinity;
  for (const point of points) {
    if (point.time - last > gap) found.push([]);
    found.at(-1)?.push(point);
    last = point.time;
  }
  return found;
}

const round = (value: number): number => Math.round(value * 10) / 10;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
