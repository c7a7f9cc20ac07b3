/** Answers that are asked for once by each key. A failure is none: whoever was away may answer the next time. */
export class Remembered<T> {
  private readonly answers = new Map<string, Promise<T>>();

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const answer = this.answers.get(key) ?? ask();
    this.answers.set(key, answer);
    answer.catch(() => this.answers.delete(key));
    return answer;
  }
}
