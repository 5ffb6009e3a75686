import { useEffect, useState } from "preact/hooks";
import type { BallotOutcome, BallotView, RoomView } from "../../room/types";
import { WINDOW } from "../../room/ballots";
import { t } from "../../i18n/text";
import { clock } from "../../i18n/time";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import type { SheetName } from "../room/inRoom";
import { readBallot } from "./readers";

/** Milliseconds for which one is told what came of it. */
const TOLD = 10 * 60_000;
/** Milliseconds after which the server has counted. */
const COUNTED = WINDOW + 5000;

/** The newest thing that everyone is asked without names: answer it, wait, and what came of it. */
export function BallotBanner({ room, onOpen }: { room: RoomView; onOpen: (sheet: SheetName) => void }) {
  const ballot = room.ballots.list.value.at(-1);
  return <div role="status">{ballot && <Asked key={ballot.id} room={room} ballot={ballot} onOpen={onOpen} />}</div>;
}

function Asked({ room, ballot, onOpen }: { room: RoomView; ballot: BallotView; onOpen: (sheet: SheetName) => void }) {
  const now = useMoments(room, [ballot.closes, ballot.closes + COUNTED, ballot.closes + TOLD]);
  const [status, setStatus] = useState<BallotOutcome["status"] | null>(null);
  const counted = now >= ballot.closes + COUNTED && now < ballot.closes + TOLD;
  useEffect(() => {
    // Who is offline is told in the list of answers.
    if (counted) readBallot(room.ballots, ballot.id).then((outcome) => setStatus(outcome.status)).catch(() => undefined);
  }, [counted, room.ballots, ballot.id]);
  if (ballot.fate === "no_token") return null;
  const time = clock(ballot.closes);
  if (now < ballot.closes) {
    return (
      <div class="banner calm">
        <Icon name="note" />
        <p>{ballot.said ? t("ballot-banner-kept", { time }) : t("ballot-banner", { time, text: ballot.prompt })}</p>
        <Button small onPress={() => onOpen({ kind: "answer", ballot: ballot.id })}>
          {ballot.said ? t("ballot-change") : t("ballot-open")}
        </Button>
      </div>
    );
  }
  if (now < ballot.closes + COUNTED) {
    return <Told words={ballot.fate === "missed" ? t("ballot-banner-missed") : t("ballot-banner-going", { time: clock(ballot.closes + WINDOW) })} />;
  }
  if (status === "too_few") return <Told words={t("ballot-banner-few")} />;
  if (status !== "in" || !ballot.mine) return null;
  return (
    <div class="banner calm">
      <Icon name="note" />
      <p>{t("ballot-banner-in")}</p>
      <Button small onPress={() => onOpen({ kind: "answers" })}>
        {t("ballot-read")}
      </Button>
    </div>
  );
}

function Told({ words }: { words: string }) {
  return (
    <div class="banner calm">
      <Icon name="note" />
      <p>{words}</p>
    </div>
  );
}

/** The server's time, as new as the last of these moments that passed. */
export function useMoments(room: RoomView, moments: readonly number[]): number {
  const [now, setNow] = useState(room.now());
  const next = moments.find((moment) => moment > now);
  useEffect(() => {
    if (next === undefined) return;
    const timer = setTimeout(() => setNow(room.now()), Math.max(0, next - room.now()) + 50);
    return () => clearTimeout(timer);
  }, [next, now, room]);
  return Math.max(now, room.now());
}
