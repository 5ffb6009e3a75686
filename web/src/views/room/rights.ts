/** What the person who looks may do here: it decides which buttons are shown, the relay decides what holds. */
import { type Deed, may, mayOffer, STAFF } from "../../room/roles";
import type { Ending, Member, Message, Role, RoomStatus, RoomView, TalkView } from "../../room/types";

const OUT: ReadonlySet<RoomStatus> = new Set<Ending>(["left", "removed", "thanked", "moved", "undone", "lost", "refused", "elsewhere"]);

/** Whether this device can no longer read the room. */
export function isOut(status: RoomStatus): status is Ending {
  return OUT.has(status);
}

export function mayAdmit(room: RoomView): boolean {
  const me = room.me.value;
  return me !== null && may(me.role, "admit");
}

/** Whether the person may do this at all, or to this member. */
export function mayDo(room: RoomView, deed: Deed, member?: Member): boolean {
  const me = room.me.value;
  return me !== null && member?.me !== true && may(me.role, deed, member?.role);
}

export function isStaff(room: TalkView): boolean {
  return STAFF.includes(room.me.value?.role ?? "guest");
}

/** Whether the person may make this member's role another one. */
export function mayChangeRole(room: RoomView, member: Member): boolean {
  const me = room.me.value;
  if (me === null || member.me) return false;
  return mayDo(room, "demote", member) || STAFF.some((role: Role) => mayOffer(me.role, member.role, role));
}

/** Whether nothing lasts of what is said there: in a capsule or a small room. What holds in the group holds there, too; in an aside it does not. */
export function passes(room: RoomView, talk: TalkView): boolean {
  return talk.room !== room.room && !room.further.value.some((one) => one.room === talk.room);
}

/** Whether the person may take a message down, and put it back: its author has a lower rank, or had when they went. */
export function mayTakeDown(room: RoomView, message: Message): boolean {
  const me = room.me.value;
  const former = room.former.value.find(({ member }) => member === message.sender);
  const author = room.members.value.find(({ id }) => id === (former?.now ?? message.sender));
  return me !== null && !message.mine && author?.me !== true && may(me.role, "take_down", (author ?? former)?.role);
}

export function mayFold(room: TalkView, message: Message): boolean {
  return room.silenced.value === null && (message.mine || isStaff(room));
}

/** Whether the person may say that they step out, or that they come: also between sessions, and in another's turn. */
export function mayReact(room: RoomView): boolean {
  const why = room.silenced.value?.why;
  return why === undefined || why === "closed" || why === "not_your_turn";
}

/** The only owner cannot leave: nobody would be left to look after the group. */
export function isLastOwner(room: RoomView): boolean {
  const owners = room.members.value.filter((member) => member.role === "owner");
  return owners.length === 1 && owners[0]?.me === true;
}
