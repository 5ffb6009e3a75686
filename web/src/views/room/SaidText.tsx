import { useState } from "preact/hooks";
import type { Message, TalkView } from "../../room/types";
import { isShielded } from "../../room/shield";
import { t } from "../../i18n/text";
import { useAction } from "../action";
import { useApp } from "../context";
import { Button } from "../shared/Button";
import { Icon } from "../shared/Icon";
import { wordsFor } from "../shared/refusals";
import { SaidCard } from "../reports/SaidCard";
import type { SheetName } from "./inRoom";

export interface SaidTextProps {
  readonly message: Message;
  readonly room: TalkView;
  readonly onOpen: (sheet: SheetName) => void;
}

/** One message: its words, or what stands in their place; and under one's own what became of it. */
export function SaidText({ message, room, onOpen }: SaidTextProps) {
  const { seq } = message;
  const shield = useApp().shield.value;
  return (
    <div class="said-one" data-item={message.id} data-state={message.state} data-seq={seq}>
      <div class="said-line">
        {message.down ? <Down message={message} /> : <Words message={message} room={room} />}
        {seq !== null && (
          <button type="button" class="said-more" aria-label={`${t("message-more")}: ${nameOf(message, room, shield)}`} onClick={() => onOpen({ kind: "message", talk: room, seq })}>
            <Icon name="more" />
          </button>
        )}
      </div>
      {message.state === "sending" && <Sending held={room.silenced.value !== null} />}
      {message.state === "failed" && <Failed message={message} room={room} />}
    </div>
  );
}

/** Why a message is folded away for the person who looks, and by whom; null where it stands open. */
export function foldedUnder(message: Message, room: TalkView, shield: readonly string[]): { words: string; by: string | null } | null {
  if (message.folded) {
    const { note, by } = message.folded;
    return { words: note, by: by ?? (message.mine ? t("you-inside") : message.pseudonym) };
  }
  if (message.mine) return null;
  const sender = room.members.value.find(({ id }) => id === message.sender);
  if (sender?.blocked) return { words: t("folded-blocked"), by: null };
  return isShielded(message.text, shield) ? { words: t("folded-shield"), by: null } : null;
}

/** By what a message is told from others where it is not seen: whose it is, and how it begins or what it is folded under. */
function nameOf(message: Message, room: TalkView, shield: readonly string[]): string {
  const who = message.mine ? t("you") : message.pseudonym;
  const text = message.down ? t("down-by", { by: message.down.by }) : (foldedUnder(message, room, shield)?.words ?? message.text);
  return t("speak-message", { who, text: beginning(text) });
}

/** The first words, by which somebody knows which message it is. */
export function beginning(text: string): string {
  const words = text.trim().split(/\s+/u).slice(0, 6).join(" ");
  return words.length < text.trim().length ? `${words} …` : words;
}

function Words({ message, room }: { message: Message; room: TalkView }) {
  const [open, setOpen] = useState(false);
  const under = foldedUnder(message, room, useApp().shield.value);
  const text = message.card ? (
    <SaidCard message={message} card={message.card} />
  ) : (
    <Text text={message.text} />
  );
  if (!under) return text;
  return (
    <div class="fold">
      <div class="fold-top">
        <Icon name="shut" />
        <span class="row-words">
          <span dir="auto">{under.words}</span>
          {under.by !== null && <span class="note">{t("folded-by", { by: under.by })}</span>}
        </span>
        <Button kind="quiet" small expanded={open} name={`${open ? t("folded-close") : t("folded-open")}: ${under.words}`} onPress={() => setOpen(!open)}>
          {open ? t("folded-close") : t("folded-open")}
        </Button>
      </div>
      {open && text}
    </div>
  );
}

/** So many lines of a message stand open; nobody has to scroll past thousands. */
const LINES = 20;
/** Letters of a line on a phone. */
const LINE = 40;

function isTall(text: string): boolean {
  return text.split("\n").reduce((lines, line) => lines + Math.ceil((line.length + 1) / LINE), 0) > LINES;
}

function Text({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const tall = isTall(text);
  return (
    <div>
      <p class={`said${tall && !whole ? " cut" : ""}`} dir="auto">
        {text}
      </p>
      {tall && (
        <Button kind="quiet" small expanded={whole} onPress={() => setWhole(!whole)}>
          {whole ? t("message-less") : t("message-whole")}
        </Button>
      )}
    </div>
  );
}

/** The place of what was taken down. Its author reads why. */
function Down({ message: { down, mine } }: { message: Message }) {
  if (!down) return null;
  if (down.restored) return <p class="said-down">{t("down-restored", { by: down.by })}</p>;
  return (
    <div class="said-down">
      <p>{t("down-by", { by: down.by })}</p>
      {down.reason !== null && <p dir="auto">{t("quoted", { words: down.reason })}</p>}
      {mine && <p class="note">{t("down-mine", { by: down.by })}</p>}
    </div>
  );
}

/** `held`: its author may not write now. */
function Sending({ held }: { held: boolean }) {
  const saved = useApp().connection.value === "offline";
  return (
    <p class={`note said-state${saved || held ? "" : " late"}`}>
      <Icon name={saved ? "offline" : "clock"} />
      {saved ? t("sending-saved") : held ? t("sending-held") : t("sending")}
    </p>
  );
}

function Failed({ message, room }: { message: Message; room: TalkView }) {
  const action = useAction();
  const decide = (step: (id: string) => Promise<void>): void => {
    action.run(() => step(message.id));
    // The buttons go away with the trouble; writing goes on.
    document.getElementById("write")?.focus();
  };
  return (
    <div class="said-failed">
      <p class="trouble">
        <Icon name="look" />
        <span>
          {t("send-failed")} {message.code !== null && wordsFor(message.code)}
        </span>
      </p>
      <div class="buttons">
        <Button small icon="again" name={`${t("try-again")}: ${beginning(message.text)}`} idle={action.busy} onPress={() => decide((id) => room.retry(id))}>
          {t("try-again")}
        </Button>
        <Button small icon="trash" name={`${t("send-delete")}: ${beginning(message.text)}`} idle={action.busy} onPress={() => decide((id) => room.discard(id))}>
          {t("send-delete")}
        </Button>
      </div>
    </div>
  );
}
