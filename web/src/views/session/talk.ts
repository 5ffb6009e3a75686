import type { RoomView, TalkView } from "../../room/types";

/** Where the group talks now: in the room of which nothing is kept while this person is in it, else in the main one. */
export function talkOf(room: RoomView): TalkView {
  return room.passing.capsule.value ?? room;
}
