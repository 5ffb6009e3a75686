/** What the strip says of the newest thing that everyone is asked without names: answer it, wait, and what came of it. */
import { useEffect, useState } from "preact/hooks";
import type { BallotOutcome, RoomView } from "../../room/types";
import { WINDOW } from "../../room/ballots";
import { t } from "../../i18n/text";
import { clock } from "../../i18n/time";
import type { SheetName } from "../room/inRoom";
import type { StripItem } from "../strip/item";
import { readBallot } from "./readers";

/** Milliseconds for which one is told what came of it. */
const TOLD = 10 * 60_000;
/** Milliseconds after which the server has counted. */
const COUNTED = WINDOW + 5000;

export function useBallotItem(room: RoomView, onOpen: (sheet: SheetName) => void): StripItem | null {
  const ballot = room.ballots.list.value.at(-1);
  const id = ballot?.id;
  const closes = ballot?.closes ?? 0;
  const now = useMoments(room, [closes, closes + COUNTED, closes + TOLD]);
  const [outcome, setOutcome] = useState<{ readonly id: string; readonly status: BallotOutcome["status"] } | null>(null);
  const counted = now >= closes + COUNTED && now < closes + TOLD;
  useEffect(() => {
    // Who is offline is told in the list of answers.
    if (id !== undefined && counted) readBallot(room.ballots, id).then(({ status }) => setOutcome({ id, status })).catch(() => undefined);
  }, [counted, room.ballots, id]);
  if (!ballot || ballot.fate === "no_token") return null;
  const told = (words: string, full: string, action?: StripItem["action"]): StripItem => ({
    key: `ballot ${ballot.id} ${words}`, rank: 8, icon: "note", words, full, action,
  });
  const time = clock(closes);
  if (now < closes) {
    const action = { words: ballot.said ? t("ballot-change") : t("ballot-open"), open: () => onOpen({ kind: "answer", ballot: ballot.id }) };
    return ballot.said
      ? told(t("strip-answer-kept"), t("ballot-banner-kept", { time }), action)
      : told(t("strip-asked"), t("ballot-banner", { time, text: ballot.prompt }), action);
  }
  if (now < closes + COUNTED) {
    if (ballot.fate === "missed") return told(t("strip-answer-missed"), t("ballot-banner-missed"));
    return told(t("strip-answers-going"), t("ballot-banner-going", { time: clock(closes + WINDOW) }));
  }
  const status = outcome?.id === ballot.id ? outcome.status : null;
  if (status === "too_few") return told(t("strip-answers-few"), t("ballot-banner-few"));
  if (status !== "in" || !ballot.mine) return null;
  return told(t("ballot-banner-in"), t("ballot-banner-in"), { words: t("ballot-read"), open: () => onOpen({ kind: "answers" }) });
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
