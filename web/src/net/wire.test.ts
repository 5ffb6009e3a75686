import fc from "fast-check";
import { expect, test } from "vitest";
import { damaged, type Edit, vectors } from "../../tests/vectors.ts";
import { FormError } from "../form.ts";
import { parseServerFrame } from "./wire.ts";

type Code = string | null;

const { server, times } = vectors("wire") as {
  times: { written: string; read: number }[];
  server: {
    frames: Record<string, { t: string }>;
    edits: (Edit & { frame: string; code: Code })[];
    texts: { text: string; code: Code }[];
  };
};

/** The code with which a text is refused, null if it is not. */
function codeOf(text: string): Code {
  try {
    parseServerFrame(text);
    return null;
  } catch (error) {
    if (error instanceof FormError) return error.code;
    throw error;
  }
}

test.each(Object.keys(server.frames))("%s is read whole", (name) => {
  expect(parseServerFrame(JSON.stringify(server.frames[name]))).toEqual(server.frames[name]);
});

test("what may be absent is read as null", () => {
  expect(parseServerFrame('{"t":"refused","code":"internal","detail":""}')).toEqual({
    t: "refused",
    room: null,
    client_id: null,
    code: "internal",
    detail: "",
    retry_after: null,
    policy_seq: null,
  });
});

test("damaged frames are judged as in Python", () => {
  for (const { frame, path, code, ...edit } of server.edits) {
    const text = JSON.stringify(damaged(server.frames[frame], { path, ...edit }));
    expect({ frame, path, ...edit, code: codeOf(text) }).toEqual({ frame, path, ...edit, code });
  }
});

test.each(server.texts)("$text is judged as in Python", ({ text, code }) => {
  expect(codeOf(text)).toBe(code);
});

test.each(times)("of a line that came at $written it is read when that was, as in Python", ({ written, read }) => {
  const text = JSON.stringify(server.frames["sent"]).replace(/"time":\d+/, `"time":${written}`);
  expect(parseServerFrame(text)).toMatchObject({ time: read });
});

test("a body beyond the cap is too large", () => {
  const text = JSON.stringify({ ...server.frames["envelope"], body: "A".repeat(400_000) });
  expect(codeOf(text)).toBe("too_large");
});

test("any text is a frame or refused with a code", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => codeOf(text) !== null));
});
