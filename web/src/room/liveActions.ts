/** What members can do to the live session, and the fields of it. As `safespace.rooms.live_actions`. */
import { groundRules, pauseNote, prompt, sessionNote, title } from "../crypto/texts.ts";
import { publicKey } from "../crypto/x25519.ts";
import { dictionary, exact, type Form, FormError, list, nothing, nullable, type Of, oneOf, text, uuid, whole, yesOrNo } from "../form.ts";
import {
  asks, ballotKey, floorMode, grace, identity, MAX_PARTIES, minutes, order, parties, slowSeconds, starts, turnSeconds,
} from "../net/wire.ts";
import { boxes } from "./boxes.ts";

export const MAX_SEGMENTS = 30;
export const KINDS = [
  "welcome", "rules", "check_in", "topic", "guest", "questions", "exercise", "break", "closing", "other",
] as const;

export const pace = oneOf("usual", "gentle");
/** An IANA time zone, by which the starts were worked out. */
export const zone = matching(/^[A-Za-z0-9_+/-]{1,64}$/);
/** The RRULE (RFC 5545 section 3.3.10) by which the starts were worked out. */
export const recurrence = matching(/^[A-Z0-9=;,:+-]{1,200}$/);
const segment = exact({ title, minutes, kind: oneOf(...KINDS) });
/** A part of the evening. */
export type Segment = Of<typeof segment>;
export const segments = list(segment, 0, MAX_SEGMENTS);
/** The segment that the room is at, counted from 0; null before the first. */
export const at = nullable(whole(0, MAX_SEGMENTS - 1));

/** What each small room is about. */
export const titles = dictionary(uuid, title, MAX_PARTIES);
const anyBreakingOut = exact({ action: oneOf("break_out"), target: nothing, rooms: parties, minutes, titles });
const breakingOut: Form<Of<typeof anyBreakingOut>> = (value) => {
  const read = anyBreakingOut(value);
  if (!sameKeys(read.titles, read.rooms)) throw new FormError("invalid_field");
  return read;
};

export const liveForms = {
  /** A new version of the ground rules, which its writer agrees to and everyone else is asked to. */
  write_rules: exact({ action: oneOf("write_rules"), target: nothing, rules: groundRules }),
  /** Plan sessions, or plan them anew. */
  plan: exact({
    action: oneOf("plan"),
    target: nothing,
    plan: uuid,
    starts,
    minutes,
    clock: yesOrNo,
    title,
    note: sessionNote,
    zone,
    rule: nullable(recurrence),
  }),
  unplan: exact({ action: oneOf("unplan"), target: nothing, plan: uuid }),
  /** Begin a session now: the next one of a plan, or, without a plan, one out of turn. */
  open_session: exact({ action: oneOf("open_session"), target: nothing, plan: nullable(uuid), minutes }),
  /** Let the session end so many minutes from now. */
  extend_session: exact({ action: oneOf("extend_session"), target: nothing, minutes }),
  /** Be who runs the session. */
  take_lead: exact({ action: oneOf("take_lead"), target: nothing }),
  close_session: exact({ action: oneOf("close_session"), target: nothing }),
  /** Whether everyone may write while no session is on. */
  between_sessions: exact({ action: oneOf("between_sessions"), target: nothing, on: yesOrNo }),
  /** While on, nobody new is let in. */
  lock: exact({ action: oneOf("lock"), target: nothing, on: yesOrNo }),
  pause: exact({ action: oneOf("pause"), target: nothing, note: nullable(pauseNote) }),
  resume: exact({ action: oneOf("resume"), target: nothing }),
  /** Everyone waits so many seconds between two messages; 0 ends that. */
  slow_mode: exact({ action: oneOf("slow_mode"), target: nothing, seconds: slowSeconds }),
  /** How much the room asks of people today. */
  set_pace: exact({ action: oneOf("set_pace"), target: nothing, pace }),
  /** The agenda; without segments, none. */
  write_run_sheet: exact({ action: oneOf("write_run_sheet"), target: nothing, segments }),
  move_on: exact({ action: oneOf("move_on"), target: nothing, at }),
  /** An open floor, or one that goes round by hands. */
  set_floor: exact({
    action: oneOf("set_floor"),
    target: nothing,
    mode: floorMode,
    seconds: turnSeconds,
    grace: nullable(grace),
  }),
  /** Everyone in `order` has a turn. */
  start_round: exact({
    action: oneOf("start_round"),
    target: nothing,
    seconds: turnSeconds,
    grace: nullable(grace),
    order,
  }),
  give_floor: exact({ action: oneOf("give_floor"), target: identity }),
  /** Ask for a turn; `too`: to say something to what is being said. */
  raise_hand: exact({ action: oneOf("raise_hand"), target: nothing, too: yesOrNo }),
  /** One's own; or, as facilitator and above, another's. */
  lower_hand: exact({ action: oneOf("lower_hand"), target: nullable(identity) }),
  /** All of them. */
  lower_hands: exact({ action: oneOf("lower_hands"), target: nothing }),
  /** End the turn of this number; `later`: its holder waits for another. */
  pass_turn: exact({ action: oneOf("pass_turn"), target: nothing, turn: whole(0), later: yesOrNo, absent: yesOrNo }),
  /** Ask everyone something that they answer without a name; `readers` have the private half of `answer_key`. */
  open_ballot: exact({
    action: oneOf("open_ballot"),
    target: nothing,
    ballot: uuid,
    asks,
    minutes,
    token_key: ballotKey,
    prompt,
    answer_key: publicKey,
    readers: boxes,
  }),
  /** Nobody changes their answer any more. */
  close_ballot: exact({ action: oneOf("close_ballot"), target: nothing, ballot: uuid }),
  /** From now on the session is held in the room `into`, of which nothing is kept. */
  capsule: exact({ action: oneOf("capsule"), target: nothing, into: uuid }),
  /** Go into small rooms for so many minutes; `titles` say what each is about. */
  break_out: breakingOut,
  /** Close the small rooms now. */
  call_back: exact({ action: oneOf("call_back"), target: nothing }),
  /** The room `into` takes the place of `old`, in which nobody holds the keys any more. */
  renew_room: exact({ action: oneOf("renew_room"), target: nothing, old: uuid, into: uuid }),
};

export function sameKeys(one: object, other: object): boolean {
  return Object.keys(one).sort().join() === Object.keys(other).sort().join();
}

function matching(pattern: RegExp): Form<string> {
  const form = text(1, 200);
  return (value) => {
    const given = form(value);
    if (!pattern.test(given)) throw new FormError("invalid_field");
    return given;
  };
}
