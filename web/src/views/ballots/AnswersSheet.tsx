import { useEffect, useState } from "preact/hooks";
import type { Answer, Mood } from "../../crypto/ballots";
import { WINDOW } from "../../room/ballots";
import { codeOf } from "../../room/errors";
import type { BallotOutcome, BallotView, RoomView } from "../../room/types";
import { t } from "../../i18n/text";
import { clock } from "../../i18n/time";
import { useAction } from "../action";
import { beginning } from "../room/SaidText";
import { Button } from "../shared/Button";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import type { InRoom } from "../room/inRoom";
import { talkOf } from "../session/talk";
import { useMoments } from "./ballotItem";
import { readBallot } from "./readers";

const MOODS = {
  better: "ballot-mood-better",
  same: "ballot-mood-same",
  worse: "ballot-mood-worse",
  unsure: "ballot-mood-unsure",
} as const satisfies Record<Mood, string>;

/** What was asked without names, and what was answered; the newest first. */
export function AnswersSheet({ room, onClose, onGo }: InRoom) {
  const list = [...room.ballots.list.value].reverse();
  const now = useMoments(room, list.map(({ closes }) => closes));
  return (
    <Sheet title={t("ballots-title")} onClose={onClose} onBack={() => onGo({ kind: "run" })}>
      <div class="stack">
        {list.length === 0 && <p class="soft">{t("ballots-none")}</p>}
        {list.map((ballot) => (
          <Asked key={ballot.id} room={room} ballot={ballot} />
        ))}
        {list.every(({ closes }) => closes <= now) && (
          <Button kind="primary" onPress={() => onGo({ kind: "ask" })}>
            {t("ask-title")}
          </Button>
        )}
      </div>
    </Sheet>
  );
}

function Asked({ room, ballot }: { room: RoomView; ballot: BallotView }) {
  const ready = ballot.closes + WINDOW + 5000;
  const now = useMoments(room, [ballot.closes, ready]);
  const action = useAction();
  return (
    <section class="ballot stack">
      <h3 dir="auto">{ballot.prompt}</h3>
      {now < ballot.closes ? (
        <>
          <p class="soft">{t("ballots-open", { time: clock(ballot.closes) })}</p>
          <Button idle={action.busy} onPress={() => action.run(async () => (await room.ballots.deeds()).close(ballot.id))}>
            {t("ask-close")}
          </Button>
          <Trouble code={action.code} />
        </>
      ) : now < ready ? (
        <p class="soft">{t("ballots-coming", { time: clock(ready) })}</p>
      ) : (
        <Came room={room} ballot={ballot} />
      )}
    </section>
  );
}

function Came({ room, ballot }: { room: RoomView; ballot: BallotView }) {
  const [outcome, setOutcome] = useState<BallotOutcome | null>(null);
  const [code, setCode] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    readBallot(room.ballots, ballot.id).then(setOutcome, (error: unknown) => setCode(codeOf(error)));
  }, [room.ballots, ballot.id, tries]);
  const again = (): void => {
    setCode(null);
    setTries(tries + 1);
  };
  if (!outcome || outcome.status === "coming") {
    return (
      <>
        <Trouble code={code} />
        <Button idle={outcome === null && code === null} onPress={again}>
          {t("ballots-read")}
        </Button>
      </>
    );
  }
  if (outcome.status === "too_few") return <p class="soft">{t("ballots-few")}</p>;
  if (!ballot.mine) return <p class="soft">{t("ballots-others")}</p>;
  if (outcome.answers.length === 0) return <p class="soft">{t("ballots-blank")}</p>;
  return (
    <>
      <p class="note">{t("ballots-count", { count: outcome.answers.length })}</p>
      <ul class="ballot-answers">
        {outcome.answers.map((answer, at) => (
          <li key={at}>
            <Said room={room} answer={answer} shareable={ballot.asks === "questions"} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Said({ room, answer, shareable }: { room: RoomView; answer: Answer; shareable: boolean }) {
  const action = useAction();
  const talk = talkOf(room);
  const shared = talk.timeline.value.some((item) => item.kind === "message" && item.text === answer.text && item.card !== null);
  const share = (): void => action.run(() => talk.sendCard(null, t("ballots-card"), answer.text));
  return (
    <>
      {answer.mood && <p class="note">{t(MOODS[answer.mood])}</p>}
      {answer.text && (
        <p class="said" dir="auto">
          {answer.text}
        </p>
      )}
      {shareable && (
        <Button small name={`${shared ? t("ballots-shared") : t("ballots-share")}: ${beginning(answer.text)}`} idle={action.busy || shared} onPress={share}>
          {shared ? t("ballots-shared") : t("ballots-share")}
        </Button>
      )}
      <Trouble code={action.code} />
    </>
  );
}
