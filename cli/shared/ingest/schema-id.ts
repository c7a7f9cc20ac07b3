/** What a record says of its schema. */

/** Bytes before the Avro of a record: a zero, and the number of the schema in four. */
const HEAD = 5;

/** What a record is: its schema's number, or why it has none. */
type RecordForm =
  | { readonly kind: "avro"; readonly schema: number }
  | { readonly kind: "empty" }
  | { readonly kind: "short"; readonly bytes: number }
  | { readonly kind: "other"; readonly firstByte: number };

/** Reads what stands before the Avro of a record. */
export function formOf(value: Buffer | null): RecordForm {
  if (value === null || value.length === 0) return { kind: "empty" };
  if (value.length < HEAD) return { kind: "short", bytes: value.length };
  const firstByte = value.readUInt8(0);
  return firstByte === 0 ? { kind: "avro", schema: value.readUInt32BE(1) } : { kind: "other", firstByte };
}

/** Why a record cannot be decoded, in words. */
export function unreadableForm(form: Exclude<RecordForm, { kind: "avro" }>): string {
  switch (form.kind) {
    case "empty":
      return "it is empty";
    case "short":
      return `it has ${form.bytes} bytes, and ${HEAD} stand before Avro`;
    case "other":
      return `its first byte is ${form.firstByte}, and that of Avro with a schema's number is 0`;
  }
}
