/** What a member said, as it leaves its mark on the conversation. */
import type { Envelope } from "../net/wire.ts";
import type { Shelf } from "./anyLedger.ts";
import type { RoomRecord } from "./record.ts";
import { STAFF } from "./roles.ts";
import type { Said } from "./said.ts";
import type { State } from "./state.ts";
import { messageLine, notice, pseudonymOf } from "./timeline.ts";
import type { Message, TimelineItem, Who } from "./types.ts";

/** The lines that are new or changed. */
export async function heard(
  record: RoomRecord,
  state: State,
  shelf: Shelf,
  envelope: Envelope,
  sender: string,
  mine: boolean,
  said: Said,
): Promise<TimelineItem[]> {
  const who = { id: sender, pseudonym: pseudonymOf(state, sender) ?? "" };
  switch (said.kind) {
    case "text":
      // Who writes is back, though they did not say so.
      record.away = record.away.filter((member) => member !== sender);
      return [messageLine(envelope, who, mine, said.text, said.note)];
    case "note": {
      const line = await shelf.line(said.line);
      return line?.kind === "message" && mayFold(state, line, sender) ? [folded(line, said.note, who)] : [];
    }
    case "away":
      record.away = record.away.filter((member) => member !== sender);
      if (said.away) record.away.push(sender);
      return [notice(envelope, said.away ? "away" : "back", who.pseudonym)];
    case "help":
      return [];
  }
}

function mayFold(state: State, line: Message, sender: string): boolean {
  return line.sender === sender || STAFF.includes(state.members[sender]?.role ?? "guest");
}

function folded(line: Message, note: string | null, by: Who): Message {
  return { ...line, folded: note === null ? null : { note, by: by.id === line.sender ? null : by.pseudonym } };
}
