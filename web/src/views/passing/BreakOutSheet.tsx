import { LONGEST } from "../../crypto/texts";
import type { SmallRoom } from "../../room/passingRooms";
import type { Member } from "../../room/types";
import { t } from "../../i18n/text";
import { names } from "../../i18n/time";
import { useAction } from "../action";
import { useNow } from "../care/useNow";
import type { InRoom } from "../room/inRoom";
import { navigate } from "../router";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { fits } from "../shared/Counter";
import { Field } from "../shared/Field";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { useKept } from "../kept";
import { useWords } from "../unsent";
import { minutesLeft } from "./minutes";
import { runsSessions } from "./rights";

type How = "random" | "chosen" | "theme";
const MINUTES: readonly number[] = [5, 10, 15, 20, 30];
const MOST = 6;
/** `places`: the room of each, where they are chosen by hand. */
const USUAL: { readonly how: How; readonly count: number; readonly minutes: number; readonly places: Readonly<Record<string, number>> } = { how: "random", count: 2, minutes: 10, places: {} };

/** Sends the group into small rooms for a while: by chance, by hand, or each to what they like. */
export function BreakOutSheet({ room, onClose, onGo }: InRoom) {
  const parted = room.passing.small.value.length > 0;
  return (
    <Sheet title={t("small-title")} onClose={onClose} onBack={parted ? undefined : () => onGo({ kind: "run" })}>
      {parted ? <Running room={room} onClose={onClose} /> : <Planning room={room} onClose={onClose} />}
    </Sheet>
  );
}

function Running({ room, onClose }: Pick<InRoom, "room" | "onClose">) {
  const action = useAction();
  const now = useNow(room);
  const small = room.passing.small.value;
  const shown = small.filter(({ mine, visits }) => mine || visits);
  return (
    <>
      <p>{t("small-now", { count: minutesLeft(small[0]?.closes ?? now, now) })}</p>
      {small.some(({ late }) => late) && <p>{t("small-late")}</p>}
      <div class="stack">
        {shown.map((one) => (
          <Button
            key={one.id}
            kind={one.mine && one.sent.length > 0 ? "primary" : "plain"}
            idle={action.busy}
            onPress={() => action.run(async () => navigate(`/g/${room.groupId}/${await room.passing.enter(one.id)}`))}
          >
            {wayTo(one)}
          </Button>
        ))}
      </div>
      <Trouble code={action.code} />
      {runsSessions(room) && (
        <Button
          kind="primary"
          idle={action.busy}
          onPress={() =>
            action.run(async () => {
              await room.passing.callBack();
              onClose();
            })
          }
        >
          {t("small-call-back")}
        </Button>
      )}
    </>
  );
}

function wayTo({ title, sent, mine, late }: SmallRoom): string {
  const others = names(sent.filter(({ me }) => !me).map(({ pseudonym }) => pseudonym));
  if (sent.length === 0) return t("small-open", { title });
  if (late) return t("small-choose", { title, names: others });
  return mine ? t("small-mine", { title, names: others }) : t("small-visit", { title });
}

function Planning({ room, onClose }: Pick<InRoom, "room" | "onClose">) {
  const action = useAction();
  const people = room.members.value.filter(({ me, here }) => !me && here !== false);
  const kept = useKept(`${room.groupId} small rooms`, USUAL);
  const { how, count, minutes, places } = kept.now;
  const written = useWords(`${room.groupId} themes`, Infinity);
  const themes = written.text.split("\n");
  const numbers = Array.from({ length: count }, (_, at) => at);
  const title = (at: number): string => (how === "theme" && themes[at]?.trim() ? themes[at].trim() : t("small-name", { number: at + 1 }));
  const go = async (): Promise<void> => {
    const parties = how === "random" ? dealt(people, count) : numbers.map((at) => people.filter(({ id }) => (places[id] ?? 0) === at));
    const rooms = numbers.map((at) => ({ title: title(at), members: how === "theme" ? [] : (parties[at] ?? []).map(({ id }) => id) }));
    await room.passing.breakOut(rooms.filter(({ members }) => how === "theme" || members.length > 0), minutes);
    written.done();
    kept.done();
    onClose();
  };
  return (
    <>
      <Choices
        legend={t("small-how")}
        value={how}
        options={[
          { value: "random", label: t("small-random") },
          { value: "chosen", label: t("small-chosen") },
          { value: "theme", label: t("small-theme") },
        ]}
        onChoose={(to) => kept.set({ how: to })}
      />
      <Choices
        legend={t("small-count")}
        value={String(count)}
        options={Array.from({ length: MOST - 1 }, (_, at) => ({ value: String(at + 2), label: t("number", { count: at + 2 }) }))}
        onChoose={(value) => kept.set({ count: Number(value) })}
      />
      {how === "chosen" && people.map((member) => (
        <Choices
          key={member.id}
          legend={member.pseudonym}
          value={String(places[member.id] ?? 0)}
          options={numbers.map((at) => ({ value: String(at), label: t("number", { count: at + 1 }) }))}
          onChoose={(value) => kept.set({ places: { ...places, [member.id]: Number(value) } })}
        />
      ))}
      {how === "theme" && numbers.map((at) => (
        <Field
          key={at}
          label={t("small-theme-label", { number: at + 1 })}
          value={themes[at] ?? ""}
          limit={LONGEST.title}
          onValue={(value) => written.field.onValue(numbers.map((one) => (one === at ? value : (themes[one] ?? ""))).join("\n"))}
        />
      ))}
      <Choices
        legend={t("small-minutes")}
        value={String(minutes)}
        options={MINUTES.map((one) => ({ value: String(one), label: t("number", { count: one }) }))}
        onChoose={(value) => kept.set({ minutes: Number(value) })}
      />
      <p class="soft">{t("small-words")}</p>
      <Trouble code={action.code} />
      <Button kind="primary" idle={action.busy || people.length === 0 || !themes.every((theme) => fits(theme, LONGEST.title))} onPress={() => action.run(go)}>
        {t("small-do")}
      </Button>
    </>
  );
}

/** By chance, into so many parties that differ by one at most. */
function dealt(people: readonly Member[], count: number): readonly (readonly Member[])[] {
  const lots = crypto.getRandomValues(new Uint32Array(people.length));
  const left = people.map((member, at) => ({ member, lot: lots[at] ?? 0 })).sort((a, b) => a.lot - b.lot);
  return Array.from({ length: count }, (_, at) => left.filter((_one, place) => place % count === at).map(({ member }) => member));
}
