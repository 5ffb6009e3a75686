import type { RefObject } from "preact";
import { signal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { TalkView } from "../../room/types";
import { newestSeq } from "./lines";
import { around, beginning, drawn, earlier, END, held, later, type Drawn, type Pane } from "./pane";
import { aimAtTop, isNear, scrollTo, type Aim } from "./scroll";

export interface Following {
  readonly scroller: RefObject<HTMLDivElement>;
  readonly list: RefObject<HTMLDivElement>;
  readonly part: Drawn;
  /** null while the newest message is in sight; otherwise how many came since it went out of sight. */
  readonly below: number | null;
  readonly toLatest: () => void;
  readonly toEarlier: () => void;
  readonly toLater: () => void;
}

/** Pixels to the end at which the newest message counts as in sight, and to an edge at which more is drawn. */
const NEAR = 80;
const EDGE = 400;
const AT_END: Aim = { at: "end" };

/**
 * Draws the part of the conversation that is looked at, keeps the newest message in sight for whoever is at the end,
 * leaves the others where they read, and marks as read what was seen. `newFrom` is where an earlier visit ended.
 */
export function useFollow(room: TalkView, newFrom: string | null): Following {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const follower = useMemo(() => new Follower(room, scroller), [room]);
  const items = room.timeline.value;
  const pane = follower.pane.value;
  const leftAt = follower.leftAt.value;

  useLayoutEffect(() => follower.goToNew(newFrom), [newFrom, items, follower]);
  useLayoutEffect(() => follower.settle(), [items, pane, follower]);
  useEffect(() => {
    const box = scroller.current;
    const inside = list.current;
    if (!box || !inside) return;
    // The keyboard of a phone, a larger reading size: what was at the end stays there.
    const sizes = new ResizeObserver(() => follower.resized());
    sizes.observe(box);
    sizes.observe(inside);
    box.addEventListener("scroll", follower.onScroll, { passive: true });
    box.addEventListener("keydown", follower.onKey);
    document.addEventListener("visibilitychange", follower.seen);
    return () => {
      sizes.disconnect();
      box.removeEventListener("scroll", follower.onScroll);
      box.removeEventListener("keydown", follower.onKey);
      document.removeEventListener("visibilitychange", follower.seen);
    };
  }, [follower]);
  useSignalEffect(() => {
    if (room.timeline.value.length > 0 && room.status.value !== "loading") requestAnimationFrame(follower.seen);
  });

  const missed = (at: number): number =>
    items.reduce((count, item) => count + Number(item.kind === "message" && !item.mine && (item.seq ?? 0) > at), 0);
  return {
    scroller,
    list,
    part: follower.part(),
    below: leftAt === null ? null : missed(leftAt),
    toLatest: () => follower.toLatest(),
    toEarlier: () => follower.step("earlier", { at: "start" }),
    toLater: () => follower.step("later"),
  };
}

class Follower {
  readonly pane = signal(END);
  readonly leftAt = signal<number | null>(null);
  readonly #room: TalkView;
  readonly #scroller: RefObject<HTMLElement>;
  /** What stays in sight whatever is drawn around it. */
  #aim = AT_END;
  #goneTo: string | null = null;
  #ownLast: string | null = null;
  #looking = false;
  /** Of the box, and of what is in it, as they were last. */
  #height = 0;
  #content = 0;

  constructor(room: TalkView, scroller: RefObject<HTMLElement>) {
    this.#room = room;
    this.#scroller = scroller;
  }

  part(): Drawn {
    const part = drawn(this.#room.timeline.value, this.pane.value);
    return { ...part, before: part.before || this.#room.goesOn.value };
  }

  /** The part is on the page: bring in sight what should be. */
  settle(): void {
    const box = this.#scroller.current;
    const items = this.#room.timeline.peek();
    if (!box || items.length === 0) return;
    // One's own message is always worth seeing.
    const last = items.at(-1);
    if (last?.kind === "message" && last.mine && last.state === "sending" && last.id !== this.#ownLast) {
      this.#ownLast = last.id;
      this.#show(END, AT_END);
      return;
    }
    this.#measure(box);
    scrollTo(box, this.#aim);
    this.#look(box);
    const part = drawn(items, this.pane.peek());
    if (part.before && box.scrollHeight < box.clientHeight + 2 * EDGE) this.step("earlier", this.#aim);
  }

  /** Whoever is at the end, and has not seen what is new, goes to where it begins, and stays there while more comes. */
  goToNew(id: string | null): void {
    if (id === null || id === this.#goneTo) return;
    if (this.#room.status.peek() === "live" && document.visibilityState === "visible") this.#goneTo = id;
    if (this.#aim.at !== "end") return;
    const items = this.#room.timeline.peek();
    this.leftAt.value = (items.find((item) => item.id === id)?.seq ?? 1) - 1;
    this.#show(around(items, id), { at: "new" });
  }

  readonly toLatest = (): void => {
    this.#show(END, AT_END);
    // The button that was pressed goes away; the conversation takes its focus.
    this.#scroller.current?.focus({ preventScroll: true });
  };

  async toBeginning(): Promise<void> {
    await this.#room.lookBack(true);
    this.#show(beginning(this.#room.timeline.peek()), { at: "start" });
  }

  /** Draws more in one direction; unless aimed elsewhere, what is in sight stays where it is. */
  step(where: "earlier" | "later", aim?: Aim): void {
    const box = this.#scroller.current;
    const items = this.#room.timeline.peek();
    const pane = this.pane.peek();
    if (!box) return;
    if (where === "later") {
      this.#show(later(items, pane), aim ?? aimAtTop(box));
      return;
    }
    const { before } = drawn(items, pane);
    const next = earlier(items, pane);
    if (before) this.#show(next, aim ?? aimAtTop(box));
    // Fetched before it is needed, where there is time for that.
    if (!drawn(items, next).before) void this.#lookBack(before ? this.onScroll : () => this.step(where, aim));
  }

  async #lookBack(then: () => void): Promise<void> {
    if (this.#looking || !this.#room.goesOn.peek()) return;
    this.#looking = true;
    await this.#room.lookBack().catch(() => undefined);
    this.#looking = false;
    then();
  }

  resized(): void {
    const box = this.#scroller.current;
    if (!box) return;
    const lower = this.#height - box.clientHeight;
    this.#measure(box);
    if (this.#aim.at !== "item" || lower === 0) {
      scrollTo(box, this.#aim);
      return;
    }
    // A keyboard, a line above: the last line read stays the last line seen.
    box.scrollTop += lower;
    this.#aim = aimAtTop(box);
  }

  readonly onScroll = (): void => {
    const box = this.#scroller.current;
    if (!box) return;
    // It grew below whoever is at the end; they did not move.
    if (this.#aim.at === "end" && (box.clientHeight !== this.#height || box.scrollHeight !== this.#content)) this.resized();
    this.#look(box);
    this.seen();
    const { before, after } = this.part();
    const inside = box.firstElementChild;
    // Whoever is at one of the buttons decides with it.
    const decides = (button: Element | null | undefined): boolean => document.activeElement === button;
    if (before && isNear(box, "start", EDGE) && !decides(inside?.firstElementChild)) this.step("earlier");
    else if (after && isNear(box, "end", EDGE) && !decides(inside?.lastElementChild)) this.step("later");
  };

  readonly onKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey || event.shiftKey || !["Home", "End"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "End") this.toLatest();
    else void this.toBeginning().catch(() => undefined);
  };

  readonly seen = (): void => {
    const { readUpTo, status, timeline } = this.#room;
    if (this.#aim.at !== "end" || document.visibilityState !== "visible" || status.peek() === "loading") return;
    const newest = newestSeq(timeline.peek());
    if (newest > readUpTo.peek()) this.#room.markRead(newest);
  };

  #show(pane: Pane, aim: Aim): void {
    this.#aim = aim;
    this.pane.value = { ...pane };
  }

  #measure(box: HTMLElement): void {
    this.#height = box.clientHeight;
    this.#content = box.scrollHeight;
  }

  /** Takes note of where the reader is. */
  #look(box: HTMLElement): void {
    const items = this.#room.timeline.peek();
    const pane = this.pane.peek();
    const part = drawn(items, pane);
    this.#aim = !part.after && isNear(box, "end", NEAR) ? AT_END : aimAtTop(box);
    if (this.#aim.at === "end") this.leftAt.value = null;
    else this.leftAt.value ??= newestSeq(part.items);
    // What comes later moves nothing under the eyes of someone who reads elsewhere.
    const still = held(items, pane);
    if (this.#aim.at === "end" || (still.from === pane.from && still.to === pane.to)) return;
    if (!isNear(box, "end", EDGE)) this.pane.value = still;
    else if (pane.from === -Infinity) this.pane.value = { from: still.from, to: Infinity };
  }
}
