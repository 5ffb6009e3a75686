import type { RoomView } from "../../room/types";
import { AboutGroup } from "./AboutGroup";
import type { InRoom, SheetName } from "./inRoom";
import { InviteSheet } from "./InviteSheet";
import { LeaveGroup } from "./LeaveGroup";
import { MenuSheet } from "./MenuSheet";
import { PeopleSheet } from "./PeopleSheet";
import { PersonSheet } from "./PersonSheet";
import { WaitingSheet } from "./WaitingSheet";
import { WarningSheet } from "./WarningSheet";

export interface RoomSheetProps {
  readonly room: RoomView;
  readonly sheet: SheetName;
  /** To another sheet, or back to the conversation. */
  readonly onGo: (sheet: SheetName | null) => void;
}

export function RoomSheet({ room, sheet, onGo }: RoomSheetProps) {
  const given: InRoom = { room, onClose: () => onGo(null), onGo };
  switch (sheet.kind) {
    case "menu":
      return <MenuSheet {...given} />;
    case "people":
      return <PeopleSheet {...given} />;
    case "person":
      return <PersonSheet key={sheet.member} {...given} memberId={sheet.member} />;
    case "waiting":
      return <WaitingSheet {...given} />;
    case "invite":
      return <InviteSheet {...given} />;
    case "about":
      return <AboutGroup {...given} />;
    case "leave":
      return <LeaveGroup {...given} />;
    case "warnings":
      return <WarningSheet {...given} />;
  }
}
