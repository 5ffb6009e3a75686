/** Every WebSocket frame, both directions; the grammar is in `safespace.wire` (vectors in `tests/vectors/wire.json`). */
import {
  anyText, b64, body, bytes, dictionary, distinct, either, exact, type Form, FormError, list, MAX_TIME, nullable, type Of, oneOf, optional, time, uuid, whole, yesOrNo,
} from "../form.ts";

/** Bytes of a commit's or a Welcome's body. */
const MAX_HANDSHAKE = 256 * 1024;

/** Seconds of the longest mute that ends by itself. */
const MAX_MUTE = 24 * 3600;
/** Days of the longest retention that ends. */
const MAX_DAYS = 3650;

/** Sessions that are planned ahead in one plan. */
const MAX_STARTS = 64;
/** Members of one round. */
const MAX_ORDER = 200;

export const identity = bytes(16);
export const digest = bytes(32);
export const role = oneOf("owner", "facilitator", "moderator", "member", "guest");
/** How long messages are kept; 0 is for ever. */
export const days = whole(0, MAX_DAYS);
/** How long a mute lasts: so many seconds, until the session ends, or until someone lifts it. */
export const muteLength = either(whole(1, MAX_MUTE), oneOf("session", "lifted"));
/** The seq of a message. */
export const line = whole(1);
const count = whole(0);
/** How long a session is. */
export const minutes = whole(1, 720);
/** When sessions begin, milliseconds. */
export const starts = distinct(list(whole(0, MAX_TIME), 1, MAX_STARTS), true);
/** How long each waits between two messages; 0 is not at all. */
export const slowSeconds = whole(0, 3600);
/** How long a turn is meant to be; 0 is for as long as it takes. */
export const turnSeconds = whole(0, 3600);
/** Seconds by which a turn may be longer before the floor goes on. */
export const grace = whole(0, 3600);
export const floorMode = oneOf("open", "hands", "round");
/** Members in the order of their turns. */
export const order = distinct(list(identity, 1, MAX_ORDER));
/** What a ballot asks for. */
export const asks = oneOf("questions", "feedback");
/** A public key for blind signatures. */
export const ballotKey = bytes(294);
/** Breakout rooms at once. */
export const MAX_PARTIES = 20;
const sent = distinct(list(identity, 0, MAX_ORDER));
const eachRoom = dictionary(uuid, sent, MAX_PARTIES, 1);
/** Breakout rooms, and who is sent to each; where nobody is, whoever wants to may go there. */
export const parties: Form<Of<typeof eachRoom>> = (value) => {
  const rooms = eachRoom(value);
  const all = Object.values(rooms).flat();
  if (new Set(all).size !== all.length) throw new FormError("invalid_field");
  return rooms;
};
export type Parties = Of<typeof parties>;
export const POLICY_ACTIONS = [
  "create",
  "admit",
  "agree",
  "leave",
  "remove",
  "offer",
  "end_offer",
  "accept",
  "demote",
  "step_down",
  "mute",
  "unmute",
  "mute_all",
  "let_speak",
  "take_down",
  "restore",
  "unban",
  "retain",
  "write_charter",
  "write_rules",
  "rename_group",
  "write_welcome",
  "rename",
  "plan",
  "unplan",
  "open_session",
  "extend_session",
  "take_lead",
  "close_session",
  "between_sessions",
  "lock",
  "pause",
  "resume",
  "slow_mode",
  "set_pace",
  "write_run_sheet",
  "move_on",
  "set_floor",
  "start_round",
  "give_floor",
  "raise_hand",
  "lower_hand",
  "lower_hands",
  "pass_turn",
  "open_ballot",
  "close_ballot",
  "capsule",
  "break_out",
  "call_back",
  "renew_room",
] as const;
/** What members say about turns: many may at once, so these do not move `policy_seq`. */
export const HANDS: readonly string[] = ["raise_hand", "lower_hand", "lower_hands", "pass_turn"];

const FURTHER_ACTIONS = ["open", "bring", "leave", "remove"] as const;

/** What a policy message shows of its action besides the action itself; an action without such a field shows null. */
const shown = {
  target: optional(identity),
  role: optional(role),
  request: optional(uuid),
  replaces: optional(identity),
  listening: optional(yesOrNo),
  session: optional(yesOrNo),
  until: optional(count),
  ban: optional(yesOrNo),
  length: optional(muteLength),
  on: optional(yesOrNo),
  line: optional(line),
  days: optional(days),
  plan: optional(uuid),
  starts: optional(starts),
  minutes: optional(minutes),
  clock: optional(yesOrNo),
  seconds: optional(turnSeconds),
  grace: optional(grace),
  mode: optional(floorMode),
  order: optional(order),
  turn: optional(count),
  later: optional(yesOrNo),
  absent: optional(yesOrNo),
  ballot: optional(uuid),
  asks: optional(asks),
  token_key: optional(ballotKey),
  into: optional(uuid),
  old: optional(uuid),
  rooms: optional(parties),
};
export const SHOWN = Object.keys(shown) as readonly (keyof Shown)[];
export const NOTHING_SHOWN = Object.fromEntries(SHOWN.map((name) => [name, null])) as Readonly<Record<keyof Shown, null>>;

const clearPolicy = exact({
  action: oneOf(...POLICY_ACTIONS, ...FURTHER_ACTIONS, "state"),
  policy_seq: optional(count),
  /** In a further room: the policy_seq of main that it was made on. */
  main: optional(count),
  ...shown,
});

const frames = {
  envelope: exact({
    t: oneOf("envelope"),
    room: uuid,
    seq: count,
    time,
    kind: oneOf("message", "reaction", "policy", "handshake", "void"),
    leaf: identity,
    epoch: count,
    client_id: uuid,
    /** null where a message was taken down; then `commitment` and `stamp` are gone too. A `void` has none. */
    body: nullable(body(MAX_HANDSHAKE)),
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
  }),
  /** The lines after `after` up to `until` are kept no longer. */
  gap: exact({ t: oneOf("gap"), room: uuid, after: count, until: count }),
  sent: exact({ t: oneOf("sent"), room: uuid, client_id: uuid, seq: count, time }),
  refused: exact({
    t: oneOf("refused"),
    room: optional(uuid),
    client_id: optional(uuid),
    code: anyText,
    detail: anyText,
    retry_after: optional(count),
    /** For `muted`, `listening` and `quiet`: a client that has the policy up to here can see why. */
    policy_seq: optional(count),
  }),
  here: exact({ t: oneOf("here"), room: uuid, members: list(identity) }),
  rekey: exact({ t: oneOf("rekey"), room: uuid, leaves: list(identity) }),
  doubted: exact({ t: oneOf("doubted"), room: uuid, seq: line, undone: yesOrNo }),
  confirmed: exact({ t: oneOf("confirmed"), room: uuid, seq: count }),
  waiting: exact({ t: oneOf("waiting"), group: uuid, count }),
  report: exact({ t: oneOf("report"), group: uuid, open: nullable(count) }),
  request: exact({ t: oneOf("request"), id: uuid, status: oneOf("admitted", "declined", "ended", "undone", "waiting") }),
  gone: exact({ t: oneOf("gone"), room: uuid, code: oneOf("removed", "left", "moved", "ended") }),
  welcome: exact({ t: oneOf("welcome"), group: uuid, room: uuid }),
  bring: exact({ t: oneOf("bring"), room: uuid, members: list(identity) }),
  pong: exact({ t: oneOf("pong") }),
};

export type MuteLength = Of<typeof muteLength>;
export type PolicyAction = (typeof POLICY_ACTIONS)[number];
export type FurtherAction = (typeof FURTHER_ACTIONS)[number];
export type Shown = { readonly [K in keyof typeof shown]: Of<(typeof shown)[K]> };
/** What the relay shows of a policy envelope. */
export type ClearPolicy = Of<typeof clearPolicy>;
export type Envelope = Of<typeof frames.envelope>;
export type GapFrame = Of<typeof frames.gap>;
export type DoubtedFrame = Of<typeof frames.doubted>;
export type PongFrame = Of<typeof frames.pong>;
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
export interface PolicyPart extends Shown {
  readonly action: PolicyAction | FurtherAction;
  readonly policy_seq: number;
  readonly main: number | null;
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

/** Answered with `pong`: a browser does not show whether the line is alive. */
export interface PingFrame {
  readonly t: "ping";
}

/** Whether this device could apply the commit at `seq`. */
export interface EpochFrame {
  readonly t: "epoch";
  readonly room: string;
  readonly seq: number;
  readonly ok: boolean;
}

/** Acts of which one frame says whether they were folded. */
export const MAX_FOLDED = 256;

export interface FoldedFrame {
  readonly t: "folded";
  readonly room: string;
  /** Policy messages, or commits that were voided. */
  readonly seqs: readonly number[];
  /** Whether this device could follow them. */
  readonly ok: boolean;
}

export type ClientFrame = EnterFrame | SendFrame | ActFrame | EpochFrame | FoldedFrame;
