import { t } from "../../i18n/text";
import type { LiveView } from "../../room/liveView";
import type { RoomView } from "../../room/types";
import { Button } from "../shared/Button";
import { Mark } from "../shared/Mark";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import type { InRoom } from "../room/inRoom";
import { mayDo } from "../room/rights";
import { floorWords } from "./floorWords";
import { nameOf } from "./people";
import { turnDeeds } from "./turnDeeds";
import { type Done, useDone } from "./useDone";

/** Who has the floor, and who waits for it in which order. Facilitators give it to someone, and lower hands. */
export function TurnsSheet({ room, onClose, onGo }: InRoom) {
  const done = useDone(onClose);
  const live = room.live.value;
  if (!live) return null;
  const { floor, terms } = live;
  const leads = mayDo(room, "give_floor");
  const me = room.me.value;
  const own = me ? turnDeeds(room, live, me) : [];
  const waiting = new Set([...floor.queue, floor.holder]);
  const others = room.members.value.filter(({ id, listening, away, here }) => !waiting.has(id) && !listening && !away && here !== false);
  return (
    <Sheet
      title={t("floor-line")}
      under={floorWords(room, live).now}
      onClose={onClose}
      onBack={leads ? () => onGo({ kind: "run" }) : undefined}
    >
      <Trouble code={done.code} />
      {own.length > 0 && (
        <div class="buttons">
          {own.map(({ icon, words, act }) => (
            <Button key={words} icon={icon} idle={done.busy} onPress={() => done.run(act, null)}>
              {words}
            </Button>
          ))}
        </div>
      )}
      <section class="part">
        <h3>{t("floor-waiting")}</h3>
        {floor.queue.length === 0 ? <p class="soft">{t("floor-nobody-waits")}</p> : <Waiting room={room} live={live} leads={leads} done={done} />}
        {leads && terms.mode !== "round" && floor.queue.length > 1 && (
          <Button icon="hand" idle={done.busy} onPress={() => done.run(() => room.leading.lowerHands(), null)}>
            {t("hands-lower-all")}
          </Button>
        )}
      </section>
      {leads && terms.mode !== "open" && others.length > 0 && (
        <section class="part">
          <h3>{t("floor-others")}</h3>
          <ul class="turns">
            {others.map(({ id, pseudonym }) => (
              <li key={id}>
                <Mark member={id} />
                <span class="turns-name" dir="auto">
                  {pseudonym}
                </span>
                <GiveFloor room={room} member={id} done={done} />
              </li>
            ))}
          </ul>
          <p class="note">{t("floor-give-under")}</p>
        </section>
      )}
    </Sheet>
  );
}

function Waiting({ room, live: { floor, terms }, leads, done }: { room: RoomView; live: LiveView; leads: boolean; done: Done }) {
  return (
    <ol class="turns">
      {floor.queue.map((id) => (
        <li key={id}>
          <Mark member={id} />
          <span class="turns-name" dir="auto">
            {nameOf(room, id)} {floor.too.includes(id) && <span class="note">{t("hand-is-too")}</span>}
          </span>
          {leads && terms.mode !== "open" && <GiveFloor room={room} member={id} done={done} />}
          {leads && (
            <Button small kind="quiet" idle={done.busy} onPress={() => done.run(() => room.leading.lowerHand(id), null)}>
              {t("hand-lower")}
              <span class="unseen"> {nameOf(room, id)}</span>
            </Button>
          )}
        </li>
      ))}
    </ol>
  );
}

function GiveFloor({ room, member, done }: { room: RoomView; member: string; done: Done }) {
  const name = nameOf(room, member);
  return (
    <Button small idle={done.busy} onPress={() => done.run(() => room.leading.giveFloor(member), t("floor-given", { name }))}>
      {t("floor-give")}
      <span class="unseen"> {name}</span>
    </Button>
  );
}
