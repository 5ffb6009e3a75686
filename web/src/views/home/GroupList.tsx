import type { GroupSummary } from "../../room/types";
import { t } from "../../i18n/text";
import { shortTime, when } from "../../i18n/time";
import { useApp } from "../context";

function lastLine(group: GroupSummary): string {
  if (group.status === "removed" || group.status === "refused") return t("groups-removed");
  if (group.status === "left") return t("groups-left");
  if (group.status === "moved" || group.status === "elsewhere") return t("groups-moved");
  if (group.status === "halted") return t("groups-halted");
  return group.lastText ?? t("groups-people", { count: group.memberCount });
}

/** The groups, the one with the newest message first. `current` is the one already in sight. */
export function GroupList({ current }: { current?: string }) {
  const app = useApp();
  const now = app.now();
  const groups = [...app.groups.value].sort((one, other) => (other.lastTime ?? 0) - (one.lastTime ?? 0));
  return (
    <ul class="groups">
      {groups.map((group) => (
        <li key={group.id}>
          <a class="group" href={`/g/${group.id}`} aria-current={group.id === current ? "page" : undefined}>
            <b class="group-name" dir="auto">
              {group.name}
            </b>
            {group.lastTime !== null && <span class="group-time">{shortTime(group.lastTime, now)}</span>}
            <span class="group-last" dir="auto">
              {lastLine(group)}
            </span>
            {group.next !== null && <span class="group-next">{group.next > now ? t("groups-next", { when: when(group.next) }) : t("groups-now")}</span>}
            {(group.unread > 0 || group.waiting > 0 || group.asking > 0) && (
              <span class="group-tags">
                {group.asking > 0 && <span class="tag amber">{t("groups-asking", { count: group.asking })}</span>}
                {group.waiting > 0 && <span class="tag amber">{t("groups-waiting", { count: group.waiting })}</span>}
                {group.unread > 0 && (
                  <span class="tag">
                    <span aria-hidden="true">{t("number", { count: group.unread })}</span>
                    <span class="unseen">{t("groups-unread", { count: group.unread })}</span>
                  </span>
                )}
              </span>
            )}
          </a>
        </li>
      ))}
    </ul>
  );
}
