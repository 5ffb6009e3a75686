import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/text";
import { later } from "../later";
import type { RoomPage } from "./room/RoomPage";
import { Button } from "./shared/Button";
import { Skeleton } from "./shared/Skeleton";
import { Statement } from "./shared/Statement";

let part: { readonly RoomPage: typeof RoomPage } | null = null;

/** A group's room, or a further one of it, once its part of the pages is here. */
export function RoomPart({ group, further }: { group: string; further?: string }) {
  const [state, setState] = useState<"fetching" | "here" | "failed">(part ? "here" : "fetching");
  useEffect(() => {
    if (state !== "fetching") return;
    later(() => import("./room/RoomPage")).then(
      (found) => {
        part = found;
        setState("here");
      },
      () => setState("failed"),
    );
  }, [state]);
  if (part) return <part.RoomPage group={group} further={further} />;
  if (state !== "failed") return <Skeleton name={t("room-page")} />;
  return (
    <Statement page={t("room-page")} icon="offline" title={t("part-title")} words={[t("part-words")]}>
      <Button kind="primary" onPress={() => setState("fetching")}>
        {t("try-again")}
      </Button>
      <Button onPress={() => location.reload()}>{t("part-reload")}</Button>
    </Statement>
  );
}
