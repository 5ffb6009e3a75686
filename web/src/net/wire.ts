/** Every WebSocket frame, both directions; the grammar is in `safespace.wire` (vectors in `tests/vectors/wire.json`). */
import type { Role } from "../room/types.ts";
import { anyText, b64, body, bytes, exact, FormError, list, type Of, oneOf, optional, uuid, whole } from "../form.ts";

/** Bytes of a commit's or a Welcome's body. */
const MAX_HANDSHAKE = 256 * 1024;

const identity = bytes(16);
const digest = bytes(32);
const count = whole(0);

const clearPolicy = exact({
  action: oneOf("create", "admit", "agree", "leave", "remove", "state"),
  target: optional(identity),
  policy_seq: optional(count),
  role: optional(oneOf("owner", "facilitator", "moderator", "member", "guest")),
  request: optional(uuid),
  replaces: optional(identity),
});

const pair = (value: unknown): readonly [number, number] => {
  const [from, to] = list(count, 2, 2)(value);
  return [from ?? 0, to ?? 0];
};

const frames = {
  envelope: exact({
    t: oneOf("envelope"),
    room: uuid,
    seq: count,
    time: count,
    kind: oneOf("message", "reaction", "policy", "handshake"),
    leaf: identity,
    epoch: count,
    client_id: uuid,
    body: body(MAX_HANDSHAKE),
    commitment: optional(digest),
    stamp: optional(b64),
    policy: optional(clearPolicy),
  }),
  caught_up: exact({
    t: oneOf("caught_up"),
    room: uuid,
    head: count,
    epoch: count,
    policy_seq: count,
    gap: optional(pair),
  }),
  sent: exact({ t: oneOf("sent"), room: uuid, client_id: uuid, seq: count, time: count }),
  refused: exact({
    t: oneOf("refused"),
    room: optional(uuid),
    client_id: optional(uuid),
    code: anyText,
    detail: anyText,
    retry_after: optional(count),
  }),
  here: exact({ t: oneOf("here"), room: uuid, members: list(identity) }),
  rekey: exact({ t: oneOf("rekey"), room: uuid, leaves: list(identity) }),
  waiting: exact({ t: oneOf("waiting"), group: uuid, count }),
  request: exact({ t: oneOf("request"), id: uuid, status: oneOf("admitted", "declined") }),
  gone: exact({ t: oneOf("gone"), room: uuid, code: oneOf("removed", "left", "moved") }),
};

/** What the relay shows of a policy envelope. */
export type ClearPolicy = Of<typeof clearPolicy>;
export type Envelope = Of<typeof frames.envelope>;
export type ServerFrame = Of<(typeof frames)[keyof typeof frames]>;

/** The server's frame. Throws FormError: malformed_json, unknown_frame, bad_base64, too_large or invalid_field. */
export function parseServerFrame(text: string): ServerFrame {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    throw new FormError("malformed_json");
  }
  const t = typeof frame === "object" && frame !== null && "t" in frame ? frame.t : undefined;
  if (typeof t !== "string" || !Object.hasOwn(frames, t)) throw new FormError("unknown_frame");
  return frames[t as keyof typeof frames](frame);
}

export interface EnterFrame {
  readonly t: "enter";
  readonly room: string;
  readonly after: number;
}

export interface SendFrame {
  readonly t: "send";
  readonly room: string;
  readonly client_id: string;
  readonly kind: "message" | "reaction";
  readonly epoch: number;
  readonly body: string;
  readonly commitment: string;
}

/** The clear part of a policy message and its sealed body. */
export interface PolicyPart {
  readonly action: "create" | "admit" | "agree" | "leave" | "remove";
  readonly target: string | null;
  readonly policy_seq: number;
  readonly role?: Role | null;
  readonly request?: string | null;
  readonly replaces?: string | null;
  readonly epoch: number;
  readonly body: string;
  readonly commitment: string;
}

export interface CommitPart {
  readonly epoch: number;
  readonly body: string;
  readonly welcome?: string | null;
  readonly reply?: string | null;
}

/** The policy state for joiners: the first message of the new epoch. */
export interface StatePart {
  readonly epoch: number;
  readonly body: string;
  readonly commitment: string;
}

export interface ActFrame {
  readonly t: "act";
  readonly room: string;
  readonly client_id: string;
  readonly policy?: PolicyPart | null;
  readonly commit?: CommitPart | null;
  readonly state?: StatePart | null;
}

export type ClientFrame = EnterFrame | SendFrame | ActFrame;
