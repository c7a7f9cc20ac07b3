/** What has to be written, and is offered again until it is taken, as producers do whose broker or login is away. */
import { messageOf } from "../../../../ground/errors";
import { until } from "../../../../cli/shared/process/until";

/** Offers values; for each why it was not taken, nothing where it was. */
export type Offer = (values: readonly number[]) => Promise<readonly (string | null)[]>;

/** Values that wait until somebody takes them. */
export class Outbox {
  /** How many were taken. */
  taken = 0;
  private waiting: number[] = [];
  private refusal = "";

  constructor(private readonly offer: Offer) {}

  /** Offers these, and what still waits, once. */
  async try(values: readonly number[]): Promise<void> {
    this.waiting.push(...values);
    if (this.waiting.length === 0) return;
    const asked = [...this.waiting];
    const said = await this.offer(asked).catch((error: unknown) => asked.map(() => messageOf(error)));
    // Of one that nobody spoke of it is not known that it was taken.
    this.waiting = asked.filter((_value, i) => said[i] !== null);
    this.taken += asked.length - this.waiting.length;
    this.refusal = said.find((one) => typeof one === "string") ?? "no answer";
  }

  /**
   * Offers these, and what still waits, until all are taken.
   *
   * @throws where they are not within so many seconds, with what was said last.
   */
  async empty(values: readonly number[], seconds: number): Promise<void> {
    const all = this.waiting.length + values.length;
    await this.try(values);
    await until(seconds, async () => {
      if (this.waiting.length === 0) return true;
      await this.try([]);
      return undefined;
    });
    if (this.waiting.length > 0)
      throw new Error(`${this.waiting.length} of ${all} were not taken within ${seconds} s: ${this.refusal}`);
  }
}
