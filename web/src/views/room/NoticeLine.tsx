import type { Notice } from "../../room/types";
import { t } from "../../i18n/text";
import { fullTime } from "../../i18n/time";
import { nowWords } from "./roleWord";

export function noticeWords({ what, who, by, once, role, days, title, later }: Notice): string {
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
      return title ?? "";
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

/** A line about the group itself. */
export function NoticeLine({ notice }: { notice: Notice }) {
  const segment = notice.what === "segment";
  return (
    <li class={segment ? "line-notice line-segment" : "line-notice"} dir={segment ? "auto" : undefined} data-item={notice.id} title={fullTime(notice.time)}>
      {noticeWords(notice)}
    </li>
  );
}
