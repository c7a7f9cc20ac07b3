/** Patience with a program that took a connection: less than the check's own time, so that the check can say which one it was. */
import { UserError } from "../../../ground/errors";

/** Seconds. A program that works answers within one. */
const PATIENCE = 8;

/**
 * What a program answers.
 *
 * @throws {UserError} when it does not within eight seconds.
 */
export async function within<T>(name: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new UserError(`${name} does not answer within ${PATIENCE} s`)), PATIENCE * 1000);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
