/** Output of the program: results on stdout, everything else on stderr. */
import { relative } from "node:path";
import pc from "picocolors";

/** A stream that may be a terminal. */
export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
  once?(event: "drain" | "error", listener: () => void): unknown;
  off?(event: "drain" | "error", listener: () => void): unknown;
}

/** Where output goes. */
export interface OutputProps {
  readonly json: boolean;
  readonly stdout: Stream;
  readonly stderr: Stream;
  /** Environment; NO_COLOR and TERM=dumb turn colour off. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

type Colours = ReturnType<typeof pc.createColors>;

/** Writes for people or, with `--json`, for programs: then stdout carries one JSON document and nothing else. */
export class Output {
  /** Colours for stdout; none where it is no terminal. */
  readonly colour: Colours;
  readonly noteColour: Colours;
  private open = false;
  private last = "";
  /** Until whoever reads the results closes the pipe. */
  private isRead = true;

  constructor(private readonly props: OutputProps) {
    const { env } = props;
    const allowed = !env["NO_COLOR"] && env["TERM"] !== "dumb";
    this.colour = pc.createColors(allowed && props.stdout.isTTY === true);
    props.stdout.once?.("error", () => (this.isRead = false));
    this.noteColour = pc.createColors(allowed && props.stderr.isTTY === true);
  }

  /** A result for people; nothing with `--json`. */
  print(text: string): void {
    this.endStep();
    if (!this.props.json) this.props.stdout.write(`${text}\n`);
  }

  /** A result for programs; nothing without `--json`. */
  result(value: unknown): void {
    this.endStep();
    if (this.props.json) this.props.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
  }

  /** A result for programs that go on reading: one line; nothing without `--json`. */
  resultLine(value: unknown): void {
    this.endStep();
    if (this.props.json) this.props.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /**
   * A part of a result that is too long for memory, as it is: the caller waits until there is room for more.
   *
   * @returns whether somebody still reads.
   */
  async part(text: string): Promise<boolean> {
    this.endStep();
    const { stdout } = this.props;
    if (!this.isRead) return false;
    if (stdout.write(text) === false && stdout.once)
      await new Promise<void>((resolve) => {
        const done = () => {
          stdout.off?.("drain", done);
          stdout.off?.("error", done);
          resolve();
        };
        stdout.once?.("drain", done);
        stdout.once?.("error", done);
      });
    return this.isRead;
  }

  /** A result for people in place of all that the terminal shows; below it where there is no terminal. */
  redraw(text: string): void {
    this.print(this.isTerminal ? `\u001b[H\u001b[2J\u001b[3J${text}` : text);
  }

  /** Whether people see the results on a terminal. */
  get isTerminal(): boolean {
    return this.props.stdout.isTTY === true && this.props.env["TERM"] !== "dumb";
  }

  note(text: string): void {
    this.endStep();
    this.props.stderr.write(`${text}\n`);
  }

  /** A line beside the result that says what is wrong. */
  problem(text: string): void {
    this.note(this.noteColour.red(text));
  }

  /** Progress. A terminal shows one line that changes, anything else only milestones. */
  step(text: string, milestone = true): void {
    const { stderr } = this.props;
    if (stderr.isTTY) {
      const width = (stderr.columns || 80) - 1;
      stderr.write(`\r\u001b[K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
      this.open = true;
    } else if (milestone && text !== this.last) {
      stderr.write(`${text}\n`);
    }
    this.last = text;
  }

  private endStep(): void {
    if (this.open) this.props.stderr.write("\r\u001b[K");
    this.open = false;
  }
}

// Colour codes have no width.
// oxlint-disable-next-line no-control-regex
const visible = (text: string): number => text.replace(/\u001b\[\d+m/g, "").length;

/** A table with columns of equal width; numbers are aligned right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => visible(String(row[i] ?? "")))));
  const line = (cells: readonly (string | number)[]) =>
    cells
      .map((cell, i) => {
        const gap = " ".repeat((widths[i] ?? 0) - visible(String(cell)));
        return typeof cell === "number" || typeof rows[0]?.[i] === "number" ? `${gap}${cell}` : `${cell}${gap}`;
      })
      .join("  ")
      .trimEnd();
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** A number of things: `1 pod`, `3 pods`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

/** Bytes as people write volumes: `8Gi`, `1.5Ti`. */
export function size(bytes: number): string {
  for (const [unit, factor] of [
    ["Ti", 2 ** 40],
    ["Gi", 2 ** 30],
    ["Mi", 2 ** 20],
    ["Ki", 2 ** 10],
  ] as const)
    if (bytes >= factor) return `${Math.round((bytes / factor) * 100) / 100}${unit}`;
  return bytes === 0 ? "-" : `${bytes}`;
}

/** A path as a user in the checkout would write it. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" ? "." : short.startsWith("..") ? path : short;
}

/** Seconds since a moment that `Date.now()` gave. */
export function secondsSince(start: number): number {
  return Math.round((Date.now() - start) / 100) / 10;
}
