/** What the person who looks may do here: it decides which buttons are shown, the relay decides what holds. */
import { may } from "../../room/roles";
import type { Ending, Member, RoomStatus, RoomView } from "../../room/types";

const OUT: ReadonlySet<RoomStatus> = new Set<Ending>(["left", "removed", "moved", "refused", "elsewhere"]);

/** Whether this device can no longer read the room. */
export function isOut(status: RoomStatus): status is Ending {
  return OUT.has(status);
}

export function mayAdmit(room: RoomView): boolean {
  const me = room.me.value;
  return me !== null && may(me.role, "admit");
}

export function mayRemove(room: RoomView, member: Member): boolean {
  const me = room.me.value;
  return me !== null && !member.me && may(me.role, "remove", member.role);
}

/** The only owner cannot leave: nobody would be left to look after the group. */
export function isLastOwner(room: RoomView): boolean {
  const owners = room.members.value.filter((member) => member.role === "owner");
  return owners.length === 1 && owners[0]?.me === true;
}
