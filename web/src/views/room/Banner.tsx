import type { RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { BallotBanner } from "../ballots/BallotBanner";
import { HelpAsked } from "../help/HelpAsked";
import { HelpMine } from "../help/HelpMine";
import { FurtherBanner } from "../further/FurtherRows";
import { CapsuleBanner } from "../passing/CapsuleBanner";
import { SmallRooms } from "../passing/SmallRooms";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { Trouble } from "../shared/Trouble";
import type { SheetName } from "./inRoom";
import { isStaff, mayAdmit } from "./rights";
import { aRole } from "./roleWord";

export interface BannerProps {
  readonly room: RoomView;
  readonly onOpen: (sheet: SheetName) => void;
}

/** What needs a look, above the conversation: first the server's doings, then who waits. */
export function Banner({ room, onOpen }: BannerProps) {
  const warnings = room.warnings.value;
  const waiting = room.waiting.value;
  const [first] = waiting;
  const offer = room.offer.value;
  const reports = room.reports.waiting.value;
  const action = useAction();
  return (
    <div class="banners">
      <HelpAsked main={room} />
      <HelpMine room={room} onHelp={() => onOpen({ kind: "help" })} />
      <div role="alert">
        {warnings.length > 0 && (
          <div class="banner">
            <Icon name="look" />
            <p>{room.status.value === "halted" ? t("warning-halted") : t("warning-noticed")}</p>
            <Button small onPress={() => onOpen({ kind: "warnings" })}>
              {t("warning-look")}
            </Button>
          </div>
        )}
      </div>
      <div role="status">
        {offer && (
          <div class="banner calm">
            <Icon name="people" />
            <p>{t("offer-banner", { by: offer.by, role: aRole(offer.role) })}</p>
            <Button small onPress={() => onOpen({ kind: "offer" })}>
              {t("offer-look")}
            </Button>
          </div>
        )}
        {room.quiet.value && isStaff(room) && (
          <div class="banner calm">
            <Icon name="quiet" />
            <p>{t("quiet-banner")}</p>
            <Button small idle={action.busy} onPress={() => action.run(() => room.doing.muteAll(false))}>
              {t("quiet-open")}
            </Button>
          </div>
        )}
        {room.me.value?.away && (
          <div class="banner calm">
            <Icon name="pass" />
            <p>{t("away-banner")}</p>
            <Button small idle={action.busy} onPress={() => action.run(() => room.stepOut(false))}>
              {t("step-back")}
            </Button>
          </div>
        )}
      </div>
      <BallotBanner room={room} onOpen={onOpen} />
      <FurtherBanner room={room} />
      <CapsuleBanner room={room} />
      <SmallRooms room={room} onOpen={onOpen} />
      <Trouble code={action.code} />
      <div role="status">
        {reports > 0 && isStaff(room) && (
          <div class="banner">
            <Icon name="hand" />
            <p>{t("desk-banner", { count: reports })}</p>
            <Button small onPress={() => onOpen({ kind: "desk" })}>
              {t("desk-open")}
            </Button>
          </div>
        )}
      </div>
      <div role="status" class="banner-waiting">
        {first && mayAdmit(room) && (
          <div class="banner">
            <Icon name="door" />
            <p>{t("waiting-banner", { count: waiting.length, name: first.pseudonym })}</p>
            <Button small onPress={() => onOpen({ kind: "waiting" })}>
              {t("waiting-see")}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
