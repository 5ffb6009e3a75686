import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/text";
import type { Trouble as Why } from "../room/types";
import { useAction } from "./action";
import { Broken } from "./Broken";
import { useApp } from "./context";
import { Help } from "./help/Help";
import { Groups } from "./home/Groups";
import { Welcome } from "./home/Welcome";
import { Invite } from "./invite/Invite";
import { isComposing } from "./keys";
import { keyHelp } from "./preferences";
import { KeyMapPart, ReminderPart, RoomPart } from "./RoomPart";
import { moved, navigate, route } from "./router";
import { Announcer } from "./shared/Announcer";
import { Boundary } from "./shared/Boundary";
import { Button } from "./shared/Button";
import { Skeleton } from "./shared/Skeleton";
import { Statement } from "./shared/Statement";
import { Trouble } from "./shared/Trouble";

/** The screen for the address, or what stands in its way. */
export function Root() {
  const app = useApp();
  // Whatever else is wrong, these are there.
  if (route.value.at === "about") return <RoomPart name="" screen={({ About }) => <About />} />;
  if (route.value.at === "help") return <Help />;
  if (app.trouble.value !== null) return <InTheWay trouble={app.trouble.value} />;
  if (app.connection.value === "blocked") return <Blocked />;
  return (
    <Boundary key={moved.value} instead={<Broken />}>
      <Screen key={moved.value} />
      <ReminderPart />
      <Keys />
      <Announcer />
    </Boundary>
  );
}

function InTheWay({ trouble }: { trouble: Why }) {
  switch (trouble) {
    case "old_browser":
      return <Statement page="" icon="look" title={t("old-browser-title")} words={[t("old-browser-words")]} />;
    case "cookies_refused":
      return <Statement page="" icon="look" title={t("cookies-title")} words={[t("cookies-words"), t("cookies-next")]} />;
    case "storage_refused":
      return <Statement page="" icon="look" title={t("storage-title")} words={[t("storage-words"), t("storage-next")]} />;
  }
}

function Screen() {
  const account = useApp().account.value;
  const at = route.value;
  if (account === undefined && at.at !== "settings") return <Skeleton name="" />;
  switch (at.at) {
    case "home":
      return account ? <Groups /> : <Welcome />;
    case "account":
      return <RoomPart name={t("register-page")} screen={({ Register }) => <Register />} />;
    case "login":
      return <RoomPart name={t("login-page")} screen={({ Login }) => <Login />} />;
    case "new":
      if (!account) return <GoTo path="/account?next=/new" />;
      return <RoomPart name={t("new-page")} screen={({ NewGroup }) => <NewGroup />} />;
    case "invite":
      return <Invite invite={at.invite} />;
    case "group":
    case "further": {
      if (!account) return <GoTo path={`/login?next=/g/${at.group}`} />;
      const further = at.at === "further" ? at.room : undefined;
      return <RoomPart name={t("room-page")} screen={({ RoomPage }) => <RoomPage group={at.group} further={further} />} />;
    }
    case "settings":
      return <RoomPart name={t("settings")} screen={({ Settings }) => <Settings />} />;
    case "about":
    case "help":
    case "nowhere":
      return (
        <Statement page={t("nowhere-page")} icon="leaf" title={t("nowhere-title")} words={[t("nowhere-words")]}>
          <a class="button primary" href="/">
            {t("to-start")}
          </a>
        </Statement>
      );
  }
}

function GoTo({ path }: { path: string }) {
  useEffect(() => navigate(path, "replace"), [path]);
  return <Skeleton name="" />;
}

/** Another tab holds the keys: only one may write. */
function Blocked() {
  const app = useApp();
  const action = useAction();
  return (
    <Statement page="" icon="copy" title={t("blocked-title")} words={[t("blocked-words")]}>
      <Trouble code={action.code} />
      <Button kind="primary" idle={action.busy} onPress={() => action.run(() => app.useHere())}>
        {t("blocked-do")}
      </Button>
    </Statement>
  );
}

function Keys() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const typing = event.target instanceof Element && event.target.closest("input, textarea, select") !== null;
      if (event.key !== "?" || isComposing(event) || typing || keyHelp.peek() === "off" || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return open ? <KeyMapPart onClose={() => setOpen(false)} /> : null;
}
