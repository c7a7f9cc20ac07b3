/** Signs of texts that no site's file may have, and how they are shown. */

/** Signs that are not seen, or that turn what follows them around: controls, formats, separators, halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Whether a text means the same wherever it is written: on one line, as it is seen, without Terraform's own marks. */
export function isPlain(text: string): boolean {
  return !UNSEEN.test(text) && !/[$%]\{/.test(text) && text.trim() === text;
}

/** A text in which every sign is seen, for error lines. */
export function visible(text: string): string {
  return text.replace(
    new RegExp(UNSEEN, "gu"),
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
