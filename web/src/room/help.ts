/** Who asks for help, for the others: whoever it is themselves knows. */
import type { FurtherView } from "./types.ts";

/** Whether somebody else asks for help there and nobody has said anything to them yet. */
export function isAsking(room: FurtherView): boolean {
  return room.help.value === "asked" && room.about.value?.me === false;
}
