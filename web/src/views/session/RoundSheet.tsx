import { t } from "../../i18n/text";
import type { Member } from "../../room/types";
import { Button } from "../shared/Button";
import { Choices } from "../shared/Choices";
import { Mark } from "../shared/Mark";
import { Sheet } from "../shared/Sheet";
import { Trouble } from "../shared/Trouble";
import { useKept } from "../kept";
import type { InRoom } from "../room/inRoom";
import { useDone } from "./useDone";

type Seconds = "0" | "60" | "120" | "180" | "300";
const SECONDS: readonly Seconds[] = ["0", "60", "120", "180", "300"];
type Grace = "none" | "30" | "60";
const GRACES: readonly Grace[] = ["none", "30", "60"];

/** `taken`: who was decided on by hand. */
const USUAL: { readonly taken: Readonly<Record<string, boolean>>; readonly seconds: Seconds; readonly grace: Grace } = { taken: {}, seconds: "120", grace: "none" };

/** Everyone who is here, or, where the group does not show that, who is in the group; but for oneself, and who cannot speak. */
function usual(member: Member): boolean {
  const { me, here, away } = member;
  return !me && here !== false && !away && unableWords(member) === null;
}

/** Why somebody would be passed over, or not be there to speak; null for no such reason. */
export function unableWords({ muted, agreed, here, away }: Member): string | null {
  if (muted) return t("round-muted");
  if (!agreed) return t("round-not-agreed");
  if (away) return t("round-away");
  return here === false ? t("round-not-here") : null;
}

/** A round: who takes part, in which order, and how long each has. */
export function RoundSheet({ room, onClose, onGo }: InRoom) {
  const done = useDone(onClose);
  const able = room.members.value.filter(({ listening }) => !listening);
  const kept = useKept(`${room.groupId} round`, USUAL);
  const { taken, seconds, grace } = kept.now;
  const takesPart = (member: Member): boolean => taken[member.id] ?? usual(member);
  const order = able.filter(takesPart).map(({ id }) => id);
  const start = (): void => {
    const ends = seconds === "0" || grace === "none" ? null : Number(grace);
    done.run(async () => {
      await room.leading.startRound(order, Number(seconds), ends);
      kept.done();
    }, t("round-done"));
  };
  return (
    <Sheet title={t("round-title")} onClose={onClose} onBack={() => onGo({ kind: "run" })}>
      <fieldset class="round-who">
        <legend>{t("round-who")}</legend>
        {able.map((member) => {
          const { id, pseudonym, me } = member;
          const unable = unableWords(member);
          return (
            <label key={id} class="round-one">
              <Mark member={id} />
              <span>
                <span dir="auto">{me ? t("round-you", { name: pseudonym }) : pseudonym}</span> {unable !== null && <span class="note">{unable}</span>}
              </span>
              <input type="checkbox" checked={takesPart(member)} onChange={(event) => kept.set({ taken: { ...taken, [id]: event.currentTarget.checked } })} />
            </label>
          );
        })}
        <p class="note">{t("round-who-hint")}</p>
        {able.some((member) => takesPart(member) && unableWords(member) !== null) && <p class="note">{t("round-passed-over")}</p>}
      </fieldset>
      <Choices
        legend={t("round-seconds")}
        value={seconds}
        options={SECONDS.map((value) => ({
          value,
          label: value === "0" ? t("round-free") : t("minutes-short", { count: Number(value) / 60 }),
        }))}
        onChoose={(to) => kept.set({ seconds: to })}
      />
      {seconds !== "0" && (
        <Choices
          legend={t("round-grace")}
          value={grace}
          options={GRACES.map((value) => ({
            value,
            label: value === "none" ? t("round-grace-none") : t("round-grace-seconds", { count: Number(value) }),
          }))}
          onChoose={(to) => kept.set({ grace: to })}
        />
      )}
      <p class="note">{order.length === 0 ? t("round-nobody") : t("round-see")}</p>
      <Trouble code={done.code} />
      <Button kind="primary" idle={done.busy || order.length === 0} onPress={start}>
        {t("round-do", { count: order.length })}
      </Button>
    </Sheet>
  );
}
