import { t } from "../../i18n/text";
import { useApp } from "../context";
import { Heading } from "../shared/Heading";
import { Icon } from "../shared/Icon";
import { Page } from "../shared/Page";
import { ConnectionLine } from "../shared/ConnectionLine";
import { ElsewhereNote } from "./ElsewhereNote";
import { GroupList } from "./GroupList";
import { OpenInvite } from "./OpenInvite";
import { PendingList } from "./PendingList";

/** Home for someone who has an account. */
export function Groups() {
  const app = useApp();
  const groups = app.groups.value;
  const pending = app.pending.value;
  const elsewhere = app.elsewhere.value;
  const nothing = groups.length === 0 && pending.length === 0;
  return (
    <Page name={t("groups-page")}>
      <div class="flow">
        <div class="title-row">
          <Heading>{t("groups-title")}</Heading>
          <a class="round" href="/settings" aria-label={t("settings")}>
            <Icon name="settings" />
          </a>
        </div>
        <ConnectionLine />
        {nothing && elsewhere.length === 0 && <p class="soft">{t("groups-none")}</p>}
        {pending.length > 0 && <PendingList />}
        {groups.length > 0 && <GroupList />}
        {elsewhere.length > 0 && <ElsewhereNote groups={elsewhere} />}
        <div class="stack">
          <a class={`button${nothing ? " primary" : ""}`} href="/new">
            <Icon name="plus" />
            {t("groups-new")}
          </a>
          <OpenInvite kind={nothing ? "plain" : "quiet"} />
          <a class="button quiet" href="/help">
            <Icon name="phone" />
            {t("crisis-link")}
          </a>
        </div>
      </div>
    </Page>
  );
}
