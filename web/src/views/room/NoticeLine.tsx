import { useState } from "preact/hooks";
import type { Notice } from "../../room/types";
import { t } from "../../i18n/text";
import { fullTime } from "../../i18n/time";
import { Icon } from "../shared/Icon";
import type { Told } from "./lines";
import { nowWords } from "./roleWord";

export function noticeWords({ what, who, by, once, role, days, title, later, part }: Notice): string {
  const values = { who: who ?? t("someone"), by: by ?? t("someone") };
  switch (what) {
    case "created":
      return t("notice-created", values);
    case "opened":
      return t("notice-opened", values);
    case "brought":
      return t("notice-brought", values);
    case "parted":
      return t("notice-parted", values);
    case "admitted":
      return t("notice-admitted", values);
    case "returned":
      return once === undefined ? t("notice-returned", values) : t("notice-returned-as", { ...values, once });
    case "left":
      return t("notice-left", values);
    case "removed":
      return t("notice-removed", values);
    case "thanked":
      return t("notice-thanked", values);
    case "visits":
      return t("notice-visits", values);
    case "rules":
      return t("notice-rules", values);
    case "agreed":
      return t("notice-agreed", values);
    case "group_renamed":
      return t("notice-group-renamed", { ...values, title: title ?? "" });
    case "welcome":
      return t("notice-welcome", values);
    case "renamed":
      return t("notice-renamed", { ...values, once: once || t("someone") });
    case "role":
      return nowWords(values.who, role ?? "member");
    case "quiet":
      return t("notice-quiet", values);
    case "loud":
      return t("notice-loud", values);
    case "retained":
      return days ? t("notice-retained", { ...values, count: days }) : t("notice-retained-for-ever", values);
    case "away":
      return t("notice-away", values);
    case "back":
      return t("notice-back", values);
    case "session":
      return t("notice-session", values);
    case "session_over":
      return t("notice-session-over");
    case "leads":
      return t("notice-leads", values);
    case "segment":
      return t("notice-part", { title: title ?? "", number: part?.number ?? 0 });
    case "round":
      return t("notice-round", values);
    case "skipped":
      return later ? t("notice-skipped-later", values) : t("notice-skipped", values);
    case "hands":
      return t("notice-hands", values);
    case "open_floor":
      return t("notice-open-floor");
    case "pause":
      return t("notice-pause", values);
    case "resume":
      return t("notice-resume");
    case "slow":
      return t("notice-slow", values);
    case "not_slow":
      return t("notice-not-slow");
    case "lock":
      return t("notice-lock", values);
    case "unlock":
      return t("notice-unlock");
    case "gentle":
      return t("notice-gentle", values);
    case "usual":
      return t("notice-usual");
    case "asks":
      return t("help-asks", values);
    case "ok":
      return t("notice-ok", values);
    case "withheld":
      return t("notice-withheld");
    case "voided":
      return who === null ? t("notice-voided") : t("notice-voided-by", values);
    case "void":
      return who === null ? t("notice-void") : t("notice-void-by", values);
    case "gap":
      return t("notice-gap");
    case "unreadable":
      return t("notice-unreadable");
  }
}

/** The kinds of a part in which each has a turn. */
const ROUNDS: readonly string[] = ["check_in", "closing"];

/** What was told of the group in a row: one grey line, with all of it a tap away. `present` is the part that the session is at. */
export function ToldLine({ told: { id, notices }, present }: { told: Told; present: string | null }) {
  const [open, setOpen] = useState(false);
  const last = notices.at(-1);
  if (!last) return null;
  if (notices.length === 1) return <NoticeLine notice={last} present={last.id === present} />;
  return (
    <li class="line-notice line-told" data-item={id}>
      <button type="button" class="told-open" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span>{open ? t("notice-together", { count: notices.length }) : inShort(notices, last)}</span>
        <Icon name={open ? "up" : "unfold"} />
      </button>
      {open && (
        <ul>
          {notices.map((notice) => (
            <li key={notice.id} title={fullTime(notice.time)}>
              {noticeWords(notice)}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** "Fern let Juniper and 3 others in", or what came last and how many came before. */
function inShort(notices: readonly Notice[], last: Notice): string {
  const count = notices.length - 1;
  const [first] = notices;
  const { by } = last;
  if (first?.who && by !== null && notices.every((one) => one.what === "admitted" && one.by === by)) {
    return t("notice-admitted-all", { who: first.who, by, count });
  }
  return t("notice-and-more", { words: noticeWords(last), count });
}

/** A line about the group itself; the part that the session is at is a heading. */
function NoticeLine({ notice, present }: { notice: Notice; present: boolean }) {
  const { id, time, title, part } = notice;
  if (present && part) {
    const { number, count, kind } = part;
    return (
      <li class="line-segment" data-item={id} title={fullTime(time)}>
        <p class="note">{ROUNDS.includes(kind) ? t("notice-part-round", { number, count }) : t("notice-part-now", { number, count })}</p>
        <h2 dir="auto">{title}</h2>
      </li>
    );
  }
  return (
    <li class="line-notice" data-item={id} title={fullTime(time)}>
      {noticeWords(notice)}
    </li>
  );
}
