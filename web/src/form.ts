/** The exact form of JSON from outside: every field known, present and of its type, nothing beside it. */

/** `code` is one of the server's codes. */
export class FormError extends Error {
  override readonly name = "FormError";
  readonly code: "malformed_json" | "unknown_frame" | "bad_base64" | "too_large" | "invalid_field";

  constructor(code: FormError["code"]) {
    super(code);
    this.code = code;
  }
}

/** Gives back what it was given if that has the form. Throws FormError. */
export type Form<T> = (value: unknown) => T;
/** What a form lets through. */
export type Of<F> = F extends Form<infer T> ? T : never;
type Fields = Record<string, Form<unknown>>;

function refuse(): never {
  throw new FormError("invalid_field");
}

function string(value: unknown): string {
  // A lone surrogate is no text: it has no UTF-8.
  return typeof value === "string" && !/\p{Surrogate}/u.test(value) ? value : refuse();
}

/** How many Unicode code points it has. */
export function codePoints(given: string): number {
  return Array.from(given).length;
}

/** Text of so many Unicode code points. */
export function text(min: number, max: number): Form<string> {
  return (value) => {
    const length = codePoints(string(value));
    return length >= min && length <= max ? string(value) : refuse();
  };
}

export const anyText: Form<string> = string;

/** The end of the year 2099: nothing is planned for later (`safespace.fields`), and no time that is shown is later. */
export const MAX_TIME = 4_102_444_800_000;

/** When the server took something. A number that is no time is the nearest that there is: it spoils its own line, and no other waits for it. */
export const time: Form<number> = (value) => (typeof value === "number" ? Math.trunc(Math.min(Math.max(value, 0), MAX_TIME)) : refuse());

/** Whether it says when something was, rather than that nobody knows. */
export function isTime(instant: number): boolean {
  return instant > 0 && instant < MAX_TIME;
}

export function whole(min: number, max: number = Number.MAX_SAFE_INTEGER): Form<number> {
  return (value) => {
    const number = Number.isSafeInteger(value) ? Number(value) : refuse();
    return number >= min && number <= max ? number : refuse();
  };
}

export const yesOrNo: Form<boolean> = (value) => (typeof value === "boolean" ? value : refuse());

export const nothing: Form<null> = (value) => (value === null ? null : refuse());

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUID in the one form that compares equal as text. */
export const uuid: Form<string> = (value) => (typeof value === "string" && UUID.test(value) ? value : refuse());

/** What `b64encode` writes: in the last letter, the bits that no byte needs are zero. */
const B64 = /^(?:[\w-]{4})*(?:[\w-]{2}[AEIMQUYcgkosw048]|[\w-][AQgw])?$/;

/** Base64url of any number of bytes. */
export const b64: Form<string> = (value) => {
  if (typeof value === "string" && B64.test(value)) return value;
  string(value);
  throw new FormError("bad_base64");
};

/** Base64url of exactly `size` bytes. */
export function bytes(size: number): Form<string> {
  const length = Math.ceil((size * 4) / 3);
  return (value) => {
    const read = b64(value);
    return read.length === length ? read : refuse();
  };
}

/** Base64url of at most `size` bytes; more is `too_large`. */
export function body(size: number): Form<string> {
  return (value) => {
    if (typeof value === "string" && value.length > (size * 4) / 3 + 4) throw new FormError("too_large");
    return b64(value);
  };
}

export function oneOf<const T extends string>(...choices: readonly T[]): Form<T> {
  return (value) => choices.find((choice) => choice === value) ?? refuse();
}

/** null or of the form, but not absent. */
export function nullable<T>(form: Form<T>): Form<T | null> {
  return (value) => (value === null ? null : form(value));
}

/** null, or absent, or of the form. */
export function optional<T>(form: Form<T>): Form<T | null> {
  return (value) => (value === undefined || value === null ? null : form(value));
}

/** A number of the one form, or else text of the other. */
export function either<A extends number, B extends string>(number: Form<A>, words: Form<B>): Form<A | B> {
  return (value) => (typeof value === "number" ? number(value) : words(value));
}

export function list<T>(form: Form<T>, min = 0, max = Infinity): Form<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) return refuse();
    return value.map(form);
  };
}

/** A list in which nothing stands twice, and, with `rising`, each is more than the one before. */
export function distinct<T>(form: Form<readonly T[]>, rising = false): Form<readonly T[]> {
  return (value) => {
    const read = form(value);
    const fits = rising
      ? read.every((one, at) => at === 0 || (read[at - 1] as T) < one)
      : new Set(read).size === read.length;
    return fits ? read : refuse();
  };
}

/** An object of up to so many fields, whose names have a form too. */
export function dictionary<T>(
  name: Form<string>, form: Form<T>, max = Infinity, min = 0,
): Form<Readonly<Record<string, T>>> {
  return (value) => {
    const fields = Object.entries(object(value));
    if (fields.length > max || fields.length < min) return refuse();
    return Object.fromEntries(fields.map(([key, field]) => [name(key), form(field)]));
  };
}

/** An object of these fields and no others. */
export function exact<F extends Fields>(fields: F): Form<{ readonly [K in keyof F]: Of<F[K]> }> {
  return (value) => {
    const given = object(value);
    const read = Object.fromEntries(
      Object.entries(fields).map(([key, form]) => [key, form(Object.hasOwn(given, key) ? given[key] : undefined)]),
    );
    if (Object.keys(given).some((key) => !Object.hasOwn(fields, key))) return refuse();
    return read as { readonly [K in keyof F]: Of<F[K]> };
  };
}

/** An object whose field `tag` says which of `forms` it has. */
export function tagged<F extends Fields>(tag: string, forms: F): Form<Of<F[keyof F]>> {
  return (value) => {
    const name = object(value)[tag];
    const form = typeof name === "string" && Object.hasOwn(forms, name) ? forms[name] : undefined;
    return (form ?? refuse)(value) as Of<F[keyof F]>;
  };
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : refuse();
}
