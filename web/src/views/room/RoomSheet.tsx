import { t } from "../../i18n/text";
import type { RoomView } from "../../room/types";
import { AnswersSheet } from "../ballots/AnswersSheet";
import { AnswerSheet } from "../ballots/AnswerSheet";
import { AskSheet } from "../ballots/AskSheet";
import { BannedSheet } from "../care/BannedSheet";
import { CharterSheet } from "../care/CharterSheet";
import { DoneSheet } from "../care/DoneSheet";
import { FoldSheet } from "../care/FoldSheet";
import { GroupNameSheet } from "../care/GroupNameSheet";
import { HandOverSheet } from "../care/HandOverSheet";
import { KeepingSheet } from "../care/KeepingSheet";
import { MessageSheet } from "../care/MessageSheet";
import { OfferSheet } from "../care/OfferSheet";
import { OwnNameSheet } from "../care/OwnNameSheet";
import { RemoveSheet } from "../care/RemoveSheet";
import { RoleSheet } from "../care/RoleSheet";
import { StepDownSheet } from "../care/StepDownSheet";
import { TakeDownSheet } from "../care/TakeDownSheet";
import { NotesSheet } from "../door/NotesSheet";
import { RulesSheet } from "../door/RulesSheet";
import { AsideSheet, TurnToSheet } from "../further/AsideSheet";
import { CalendarSheet } from "../plan/CalendarSheet";
import { PlanSheet } from "../plan/PlanSheet";
import { RunSheetEditor } from "../plan/RunSheetEditor";
import { ScheduleSheet } from "../plan/ScheduleSheet";
import { PlannedSheet } from "../plan/PlannedSheet";
import { BreakOutSheet } from "../passing/BreakOutSheet";
import { CapsuleSheet } from "../passing/CapsuleSheet";
import { CardForm } from "../reports/CardForm";
import { Desk } from "../reports/Desk";
import { DeskReport } from "../reports/DeskReport";
import { FileReport } from "../reports/FileReport";
import { OwnReports } from "../reports/OwnReports";
import { EndSession } from "../session/EndSession";
import { HeardSheet } from "../session/HeardSheet";
import { RoundSheet } from "../session/RoundSheet";
import { PauseSheet } from "../session/PauseSheet";
import { RunMore } from "../session/RunMore";
import { RunSheet } from "../session/RunSheet";
import { SlowSheet } from "../session/SlowSheet";
import { StartSession } from "../session/StartSession";
import { TurnsSheet } from "../session/TurnsSheet";
import { Boundary } from "../shared/Boundary";
import { Button } from "../shared/Button";
import { Sheet } from "../shared/Sheet";
import { AboutGroup } from "./AboutGroup";
import { AboutRoom } from "./AboutRoom";
import { HelpSheet } from "../help/HelpSheet";
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
  readonly big: boolean;
  /** To another sheet, or back to the conversation. */
  readonly onGo: (sheet: SheetName | null) => void;
}

/** One that cannot be drawn takes the room behind it not along. */
export function RoomSheet(props: RoomSheetProps) {
  const close = (): void => props.onGo(null);
  const broken = (
    <Sheet title={t("line-broken")} onClose={close}>
      <p>{t("broken-words")}</p>
      <Button onPress={close}>{t("close")}</Button>
    </Sheet>
  );
  return (
    <Boundary key={props.sheet.kind} instead={broken}>
      <SheetNamed {...props} />
    </Boundary>
  );
}

function SheetNamed({ room, sheet, big, onGo }: RoomSheetProps) {
  const from = ("from" in sheet ? sheet.from : undefined) ?? "menu";
  const given: InRoom = { room, big, onClose: () => onGo(null), onGo, onBack: () => onGo({ kind: from }) };
  switch (sheet.kind) {
    case "menu":
      return <MenuSheet {...given} />;
    case "people":
      return <PeopleSheet {...given} />;
    case "ask":
      return <AskSheet {...given} />;
    case "answer":
      return <AnswerSheet key={sheet.ballot} {...given} ballot={sheet.ballot} />;
    case "answers":
      return <AnswersSheet {...given} />;
    case "message":
      return <MessageSheet key={`${sheet.talk.room} ${sheet.seq}`} {...given} talk={sheet.talk} seq={sheet.seq} />;
    case "take-down":
      return <TakeDownSheet {...given} seq={sheet.seq} />;
    case "fold":
      return <FoldSheet {...given} talk={sheet.talk} seq={sheet.seq} />;
    case "aside":
      return <AsideSheet {...given} memberId={sheet.member} />;
    case "turn-to":
      return <TurnToSheet {...given} />;
    case "capsule":
      return <CapsuleSheet {...given} />;
    case "break-out":
      return <BreakOutSheet {...given} />;
    case "help":
      return <HelpSheet {...given} />;
    case "remove":
      return <RemoveSheet {...given} memberId={sheet.member} />;
    case "role":
      return <RoleSheet {...given} memberId={sheet.member} wanted={sheet.role} />;
    case "offer":
      return <OfferSheet {...given} />;
    case "step-down":
      return <StepDownSheet {...given} />;
    case "hand-over":
      return <HandOverSheet {...given} />;
    case "banned":
      return <BannedSheet {...given} />;
    case "keeping":
      return <KeepingSheet {...given} />;
    case "own-name":
      return <OwnNameSheet {...given} />;
    case "group-name":
      return <GroupNameSheet {...given} />;
    case "charter":
      return <CharterSheet {...given} />;
    case "done":
      return <DoneSheet {...given} />;
    case "report":
      return <FileReport {...given} about={sheet.about} />;
    case "own-reports":
      return <OwnReports {...given} />;
    case "desk":
      return <Desk {...given} />;
    case "desk-report":
      return <DeskReport key={sheet.report} {...given} report={sheet.report} />;
    case "run":
      return <RunSheet {...given} />;
    case "run-more":
      return <RunMore {...given} />;
    case "pause":
      return <PauseSheet {...given} />;
    case "room":
      return <AboutRoom {...given} />;
    case "turns":
      return <TurnsSheet {...given} />;
    case "round":
      return <RoundSheet {...given} />;
    case "slow":
      return <SlowSheet {...given} />;
    case "heard":
      return <HeardSheet {...given} />;
    case "start-session":
      return <StartSession {...given} />;
    case "end-session":
      return <EndSession {...given} />;
    case "card":
      return <CardForm {...given} talk={sheet.talk} seq={sheet.seq} />;
    case "schedule":
      return <ScheduleSheet {...given} />;
    case "planned":
      return <PlannedSheet key={`${sheet.plan} ${sheet.start}`} {...given} plan={sheet.plan} start={sheet.start} />;
    case "plan":
      return <PlanSheet {...given} />;
    case "calendar":
      return <CalendarSheet {...given} />;
    case "run-sheet":
      return <RunSheetEditor {...given} />;
    case "person":
      return <PersonSheet key={sheet.member} {...given} memberId={sheet.member} back={sheet.back} />;
    case "waiting":
      return <WaitingSheet {...given} />;
    case "invite":
      return <InviteSheet {...given} guest={sheet.guest} />;
    case "rules":
      return <RulesSheet {...given} />;
    case "notes":
      return <NotesSheet {...given} />;
    case "about":
      return <AboutGroup {...given} />;
    case "leave":
      return <LeaveGroup {...given} />;
    case "warnings":
      return <WarningSheet {...given} />;
  }
}
