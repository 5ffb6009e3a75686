import type { ComponentChildren } from "preact";
import type { TalkView } from "../../room/types";
import { t } from "../../i18n/text";
import { Boundary } from "../shared/Boundary";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { linesOf } from "./lines";
import type { Lit } from "./lit";
import { LineOf } from "./LineOf";
import type { SheetName } from "./inRoom";
import { useFollow } from "./follow";
import { useMessageMenu } from "./messageMenu";
import { nothingSaid } from "./nobodyWrote";
import { useNewFrom } from "./newFrom";

export interface TimelineProps {
  readonly room: TalkView;
  /** Opens what may be done about a message. */
  readonly onOpen: (sheet: SheetName) => void;
  /** Who has the floor, if it goes round. */
  readonly lit?: Lit | null;
  /** Stands where there is nothing to read. */
  readonly empty: ComponentChildren;
}

/** The conversation, a part of it at a time. It is a log, but a silent one: `Speaker` says what is new, with the speaker's name. */
export function Timeline({ room, onOpen, lit, empty }: TimelineProps) {
  const items = room.timeline.value;
  const status = room.status.value;
  const newFrom = useNewFrom(room);
  const { scroller, list, part, below, toLatest, toEarlier, toLater } = useFollow(room, newFrom);
  useMessageMenu(scroller, (seq) => onOpen({ kind: "message", talk: room, seq }));
  const loading = status === "loading" || (status === "catching_up" && items.length === 0);
  const quiet = status !== "catching_up" && nothingSaid(room);
  const present = items.findLast((item) => item.kind === "notice" && item.what === "segment")?.id ?? null;
  return (
    <div class="talk">
      {/* A region that scrolls must be reachable for those who scroll with keys. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div class="talk-scroll" ref={scroller} role="log" aria-live="off" aria-label={t("talk-label")} tabIndex={0}>
        <div class="talk-in" ref={list}>
          {loading ? (
            <Bones />
          ) : (
            <>
              {part.before && (
                <Button kind="quiet" small onPress={toEarlier}>
                  {t("talk-earlier")}
                </Button>
              )}
              <ol class="lines">
                {linesOf(part.items, newFrom, room.me.value?.pseudonym ?? null).map((line) => (
                  <Boundary key={line.id} instead={<li class="notice">{t("line-broken")}</li>}>
                    <LineOf line={line} room={room} onOpen={onOpen} lit={lit ?? null} present={present} />
                  </Boundary>
                ))}
              </ol>
              {part.after && (
                <Button kind="quiet" small onPress={toLater}>
                  {t("talk-later")}
                </Button>
              )}
              {quiet && empty}
            </>
          )}
        </div>
      </div>
      {below !== null && (
        <button type="button" class="latest" onClick={toLatest}>
          <Icon name="down" />
          {below > 0 ? t("talk-latest-new", { count: below }) : t("talk-latest")}
        </button>
      )}
    </div>
  );
}

function Bones() {
  return (
    <div class="skeleton" role="status">
      <p class="unseen">{t("loading")}</p>
      {["one", "two", "three"].map((bone) => (
        <div key={bone} class="bone-said">
          <span class="bone mark" />
          <span class="bone short" />
          <span class="bone" />
          <span class="bone" />
        </div>
      ))}
    </div>
  );
}
