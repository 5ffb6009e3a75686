import { t } from "../../../i18n/text";
import type { InRoom } from "../../room/inRoom";
import { mayAdmit } from "../../room/rights";
import { Row } from "../../shared/Row";

/** Inviting a guest for the part of the run-sheet that is theirs, until the room has passed it. */
export function GuestPart({ room, onGo }: InRoom) {
  const sheet = room.live.value?.sheet;
  const theirs = sheet?.segments.find(({ kind }, place) => kind === "guest" && place >= (sheet.at ?? 0));
  if (!theirs || !mayAdmit(room)) return null;
  const { title } = theirs;
  return (
    <Row icon="link" words={t("run-guest")} under={t("run-guest-under", { title })} onPress={() => onGo({ kind: "invite", guest: title, from: "run" })} />
  );
}
