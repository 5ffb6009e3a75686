/** The conversation as it is shown: lines kept in the vault, then what is still on its way. */
import type { ReportedLine } from "../crypto/reports.ts";
import type { Envelope } from "../net/wire.ts";
import type { Action, ActionOf } from "./actions.ts";
import type { Outgoing } from "./record.ts";
import { settle } from "./running.ts";
import type { PolicyMessage, State } from "./state.ts";
import type { Card, Down, Message, Notice, TimelineItem, Who } from "./types.ts";

/** By leaf; a state does not change. */
const owners = new WeakMap<State, ReadonlyMap<string, string>>();

function ownersIn(state: State): ReadonlyMap<string, string> {
  const known = owners.get(state);
  if (known) return known;
  const found = new Map<string, string>();
  for (const [member, { leaves }] of Object.entries(state.members)) {
    for (const leaf of leaves) if (!found.has(leaf)) found.set(leaf, member);
  }
  owners.set(state, found);
  return found;
}

/** The member whose leaf this is (both b64), if it is one now. */
export function memberOf(state: State, leaf: string): string | null {
  return ownersIn(state).get(leaf) ?? null;
}

export function pseudonymOf(state: State | null, member: string): string | null {
  return state?.members[member]?.pseudonym ?? null;
}

export function messageLine(
  { client_id: id, seq, time }: Envelope,
  { id: sender, pseudonym }: Who,
  mine: boolean,
  text: string,
  quote: ReportedLine,
  { note = null, card = null }: { note?: string | null; card?: Card | null },
): Message {
  const folded = note === null ? null : { note, by: null };
  return {
    kind: "message", id, seq, time, sender, pseudonym, mine, text, folded, card, quote, down: null, state: "sent",
    code: null,
  };
}

export function notice(envelope: Pick<Envelope, "seq" | "time">, what: Notice["what"], who: string | null = null, by: string | null = null): Notice {
  return { kind: "notice", id: `${envelope.seq}`, seq: envelope.seq, time: envelope.time, what, who, by };
}

/** What a policy message means to everyone; null for what is between the staff and whom it concerns. `before` still knows who left. */
export function policyNotice(envelope: Envelope, message: PolicyMessage, before: State | null, after: State): Notice | null {
  const { actor, action } = message;
  const by = pseudonymOf(after, actor) ?? pseudonymOf(before, actor);
  switch (action.action) {
    case "create":
      return notice(envelope, "created", by);
    case "admit":
      return admittedNotice(envelope, action, by, before);
    case "agree":
      return notice(envelope, "agreed", by);
    case "leave":
      return notice(envelope, "left", by);
    case "write_rules":
      return notice(envelope, "rules", by);
    case "rename_group":
      return { ...notice(envelope, "group_renamed", null, by), title: action.name };
    case "write_welcome":
      return notice(envelope, "welcome", null, by);
    case "rename":
      return { ...notice(envelope, "renamed", action.pseudonym), once: pseudonymOf(before, actor) ?? "" };
    case "remove":
      return notice(envelope, isThanks(action, before) ? "thanked" : "removed", pseudonymOf(before, action.target), by);
    case "accept":
    case "step_down":
      return { ...notice(envelope, "role", by), role: action.role };
    case "demote":
      return { ...notice(envelope, "role", pseudonymOf(after, action.target)), role: action.role };
    case "mute_all":
      return notice(envelope, action.on ? "quiet" : "loud", null, by);
    case "retain":
      return { ...notice(envelope, "retained", null, by), days: action.days };
    default:
      return liveNotice(envelope, action, by, before, after);
  }
}

/** What those who run the session did, where it is for everyone; whose turn it is stands elsewhere. */
function liveNotice(envelope: Envelope, action: Action, by: string | null, before: State | null, after: State): Notice | null {
  switch (action.action) {
    case "open_session":
      return notice(envelope, "session", null, by);
    case "close_session":
      return notice(envelope, "session_over", null, by);
    case "take_lead":
      return notice(envelope, "leads", null, by);
    case "move_on": {
      const segment = action.at === null ? undefined : after.sheet.segments[action.at];
      if (action.at === null || !segment) return null;
      const { title, kind } = segment;
      return { ...notice(envelope, "segment", null, by), title, part: { number: action.at + 1, count: after.sheet.segments.length, kind } };
    }
    case "pass_turn": {
      const holder = before && settle(before, envelope.time).floor.holder;
      if (!action.absent || holder === null) return null;
      return { ...notice(envelope, "skipped", pseudonymOf(before, holder), by), later: action.later };
    }
    case "start_round":
      return notice(envelope, "round", null, by);
    case "set_floor":
      return notice(envelope, action.mode === "hands" ? "hands" : "open_floor", null, by);
    case "pause":
    case "resume":
      return notice(envelope, action.action, null, by);
    case "slow_mode":
      return { ...notice(envelope, action.seconds === 0 ? "not_slow" : "slow", null, by), seconds: action.seconds };
    case "lock":
      return notice(envelope, action.on ? "lock" : "unlock", null, by);
    case "set_pace":
      return notice(envelope, action.pace, null, by);
    default:
      return null;
  }
}

/** Whether a removal is a guest's time being over, and no more than that. */
export function isThanks({ target, ban, reason }: ActionOf<"remove">, before: State | null): boolean {
  return before?.members[target]?.role === "guest" && !ban && reason === null;
}

function admittedNotice(
  envelope: Envelope,
  { pseudonym, replaces, role }: ActionOf<"admit">,
  by: string | null,
  before: State | null,
): Notice {
  if (replaces === null) return notice(envelope, role === "guest" ? "visits" : "admitted", pseudonym, by);
  const once = pseudonymOf(before, replaces);
  const returned = notice(envelope, "returned", pseudonym, by);
  return once === null || once === pseudonym ? returned : { ...returned, once };
}

/** The place of a message that was taken down. What came without its body is known by its author's word alone. */
export function takenDown(line: TimelineItem, author: Who, me: string, down: Down): Message {
  if (line.kind === "message") return { ...line, down };
  const { id, seq, time } = line;
  const { id: sender, pseudonym } = author;
  return {
    kind: "message", id, seq, time, sender, pseudonym, mine: sender === me, text: "", folded: null, card: null, quote: null, down,
    state: "sent", code: null,
  };
}

/** A message that was put back, with its words if this device still has them. */
export function putBack(line: Message): Message {
  if (!line.down) return line;
  return { ...line, down: line.text === "" ? { ...line.down, restored: true } : null };
}

/** As the screens see it: the words of what is down are for nobody. */
export function seen(line: TimelineItem): TimelineItem {
  return line.kind === "message" && line.down ? emptied(line) : line;
}

/** A message as it leaves the device's store: its place alone. */
export function emptied(line: Message): Message {
  return { ...line, text: "", folded: null, card: null, quote: null };
}

/** What is on its way and will stand in the conversation. */
export function outgoingLines(outbox: readonly Outgoing[], me: Who): Message[] {
  return outbox.flatMap(({ id, said, time, state, code }) => {
    if (!("text" in said)) return [];
    const folded = said.kind === "card" || said.note === null ? null : { note: said.note, by: null };
    const card = said.kind === "card" ? { title: said.title, line: said.line, about: null } : null;
    return {
      kind: "message", id, seq: null, time, sender: me.id, pseudonym: me.pseudonym, mine: true, text: said.text, folded,
      card, quote: null, down: null, state, code,
    };
  });
}

/** Messages of others after `readUpTo`. */
export function unreadIn(lines: readonly TimelineItem[], readUpTo: number): number {
  return lines.filter((line) => line.kind === "message" && !line.mine && !line.down && (line.seq ?? 0) > readUpTo).length;
}
