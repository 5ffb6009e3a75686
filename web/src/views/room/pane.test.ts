import fc from "fast-check";
import { expect, test } from "vitest";
import type { Message, TimelineItem } from "../../room/types";
import { around, beginning, drawn, earlier, END, held, later, type Pane } from "./pane";

function said(seq: number | null, id: string): Message {
  return { kind: "message", id, seq, time: 0, sender: "Fern", pseudonym: "Fern", mine: false, text: "", folded: null, card: null, quote: null, down: null, state: "sent", code: null };
}

/** Some seqs have no line: changes of keys are not shown. */
function talk(count: number, onTheWay = 0): readonly TimelineItem[] {
  const kept = Array.from({ length: count }, (_, at) => said(at * 3 + 1, `m${at}`));
  return [...kept, ...Array.from({ length: onTheWay }, (_, at) => said(null, `o${at}`))];
}

const ids = (items: readonly TimelineItem[], pane: Pane) => drawn(items, pane).items.map(({ id }) => id);

test("a short conversation is drawn whole, with what is on its way", () => {
  const items = talk(40, 2);
  expect(drawn(items, END)).toEqual({ items, before: false, after: false });
  expect(drawn([], END)).toEqual({ items: [], before: false, after: false });
});

test("every message can be reached, step by step, from either end, and never are too many drawn", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 3 }), (count, onTheWay) => {
      const items = talk(count, onTheWay);
      const seen = new Set<string>();
      let pane = END;
      const look = (): void => {
        const now = ids(items, pane);
        expect(now.length).toBeLessThanOrEqual(200);
        expect(now).toEqual(items.slice(items.findIndex(({ id }) => id === now[0])).slice(0, now.length).map(({ id }) => id));
        for (const id of now) seen.add(id);
      };
      look();
      while (drawn(items, pane).before) {
        const sooner = earlier(items, pane);
        expect(sooner).not.toEqual(pane);
        pane = sooner;
        look();
      }
      expect(seen.size).toBe(items.length);
      seen.clear();
      pane = beginning(items);
      look();
      while (drawn(items, pane).after) {
        pane = later(items, pane);
        look();
      }
      expect(seen.size).toBe(items.length);
      expect(pane.to).toBe(Infinity);
    }),
    // With what is on its way there is just more than can be drawn.
    { numRuns: 50, examples: [[199, 3]] },
  );
});

test("the end follows what comes, a part that is held does not", () => {
  const [before, after] = [talk(300), talk(310)];
  expect(ids(after, END).at(-1)).toBe("m309");
  const pane = held(before, END);
  expect(ids(after, pane)).toEqual(ids(before, END));
  expect(drawn(after, pane).after).toBe(true);
});

test("whoever looks up from the end keeps what was drawn, while more comes below", () => {
  const [before, after] = [talk(300), talk(310)];
  const pane = { ...held(before, END), to: Infinity };
  expect(ids(after, pane)).toEqual(after.slice(240).map(({ id }) => id));
});

test("older lines that are brought to hand change nothing of what is drawn", () => {
  const items = talk(500);
  const pane = earlier(items.slice(200), held(items, END));
  expect(ids(items, pane)).toEqual(ids(items.slice(200), pane));
});

test("an item that is gone to is drawn, with some before and some after it", () => {
  const items = talk(500);
  expect(ids(items, around(items, "m250"))).toEqual(Array.from({ length: 60 }, (_, at) => `m${230 + at}`));
  expect(ids(items, around(items, "m3"))[0]).toBe("m0");
  expect(around(items, "nobody")).toBe(END);
  expect(around(items, "m490").to).toBe(Infinity);
});
