/** Amounts as people read them. */

/** Bytes as whole GiB, rounded up. */
export const gibibytes = (amount: number) => `${Math.ceil(amount / 2 ** 30)}Gi`;

/** Sum of some numbers. */
export const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
