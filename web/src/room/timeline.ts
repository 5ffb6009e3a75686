/** The conversation as it is shown: lines kept in the vault, then what is still on its way. */
import type { Envelope } from "../net/wire.ts";
import type { Outgoing } from "./record.ts";
import type { ActionOf } from "./actions.ts";
import type { PolicyMessage, State } from "./state.ts";
import type { Message, Notice, TimelineItem } from "./types.ts";

/** The member whose leaf this is (both b64), if it is one now. */
export function memberOf(state: State, leaf: string): string | null {
  const found = Object.entries(state.members).find(([, member]) => member.leaves.includes(leaf));
  return found ? found[0] : null;
}

export function pseudonymOf(state: State | null, member: string): string | null {
  return state?.members[member]?.pseudonym ?? null;
}

export function messageLine(envelope: Envelope, sender: string, pseudonym: string, mine: boolean, text: string): Message {
  const { client_id: id, seq, time } = envelope;
  return { kind: "message", id, seq, time, sender, pseudonym, mine, text, state: "sent", code: null };
}

export function notice(envelope: Envelope, what: Notice["what"], who: string | null = null, by: string | null = null): Notice {
  return { kind: "notice", id: `${envelope.seq}`, seq: envelope.seq, time: envelope.time, what, who, by };
}

/** What a policy message means to people. `before` still knows who left. */
export function policyNotice(envelope: Envelope, message: PolicyMessage, before: State | null, after: State): Notice | null {
  const { action } = message;
  const by = pseudonymOf(after, message.actor) ?? pseudonymOf(before, message.actor);
  switch (action.action) {
    case "create":
      return notice(envelope, "created", by);
    case "admit":
      return admittedNotice(envelope, action, by, before);
    case "agree":
      return notice(envelope, "agreed", by);
    case "leave":
      return notice(envelope, "left", by);
    case "remove":
      return notice(envelope, "removed", pseudonymOf(before, action.target), by);
    default:
      return null;
  }
}

function admittedNotice(envelope: Envelope, { pseudonym, replaces }: ActionOf<"admit">, by: string | null, before: State | null): Notice {
  if (replaces === null) return notice(envelope, "admitted", pseudonym, by);
  const once = pseudonymOf(before, replaces);
  const returned = notice(envelope, "returned", pseudonym, by);
  return once === null || once === pseudonym ? returned : { ...returned, once };
}

export function outgoingLine(outgoing: Outgoing, me: string, pseudonym: string): Message {
  const { id, text, time, state, code } = outgoing;
  return { kind: "message", id, seq: null, time, sender: me, pseudonym, mine: true, text, state, code };
}

/** Messages of others after `readUpTo`. */
export function unreadIn(lines: readonly TimelineItem[], readUpTo: number): number {
  return lines.filter((line) => line.kind === "message" && !line.mine && (line.seq ?? 0) > readUpTo).length;
}
