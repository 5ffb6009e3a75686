/** Reports that were filed here, and those that staff can read. */
import { signal } from "@preact/signals";
import type { OwnReport, ReportsView, ReportView, Someone } from "../../src/room/reportViews";
import type { Member, Message, TimelineItem } from "../../src/room/types";
import { ROOM } from "./people";

const MINUTE = 60_000;

function who(people: readonly Member[], name: string): Someone {
  const found = people.find(({ pseudonym }) => pseudonym === name);
  return { id: found?.id ?? name, pseudonym: name };
}

function deskOf(people: readonly Member[], said: readonly Message[]): readonly ReportView[] {
  const [alder, juniper, sparrow] = [who(people, "Alder"), who(people, "Juniper"), who(people, "Sparrow")];
  const [fern, moss] = [who(people, "Fern"), who(people, "Moss")];
  const meant = said[1];
  const at = (minutes: number): number => Date.now() - minutes * MINUTE;
  const lines = [
    { seq: 9, time: at(14), sender: juniper, text: "Has anyone else had dizzy mornings?", proved: true },
    { seq: meant?.seq ?? 11, time: at(13), sender: sparrow, text: "My cousin stopped her beta blockers and felt well in three days. You should all try it.", proved: true },
    { seq: 99, time: at(12), sender: moss, text: "Sparrow, could we check that one first?", proved: true },
  ];
  const usual = { room: ROOM, readers: [fern, moss], entries: [], open: true, assigned: null };
  return [
    {
      ...usual, id: "r1", kind: "message", time: at(11), reporter: alder, accused: sparrow, proved: true, line: meant?.seq ?? 11,
      lines, note: "This could make someone stop their medicine.",
    },
    {
      ...usual, id: "r2", kind: "check", time: at(20), reporter: juniper, accused: sparrow, proved: false, line: meant?.seq ?? 11,
      lines: lines.slice(1, 2).map((line) => ({ ...line, proved: false })), note: "", assigned: moss,
      entries: [{ id: "e1", time: at(18), kind: "assign", by: moss, text: "", member: moss }],
    },
    {
      ...usual, id: "r3", kind: "situation", time: at(900), reporter: { id: "gone", pseudonym: null }, accused: null, proved: null,
      line: null, lines: [], note: "It is getting loud on Tuesdays.", open: false,
      entries: [
        { id: "e2", time: at(800), kind: "note", by: fern, text: "I will open with the ground rules next time.", member: null },
        { id: "e3", time: at(700), kind: "resolve", by: fern, text: "Done.", member: null },
      ],
    },
  ];
}

function ownOf(people: readonly Member[]): readonly OwnReport[] {
  const sparrow = who(people, "Sparrow");
  const usual = { time: Date.now() - 90 * MINUTE, accused: sparrow, note: null, answers: [] };
  return [
    { ...usual, id: "o1", open: false, kind: "message", note: "This could make someone stop.", answers: ["Thank you. We talked with Sparrow."] },
    { ...usual, id: "o2", open: true, kind: "check" },
    { ...usual, id: "o3", open: true, kind: null, accused: null },
  ];
}

export function reports(state: string, people: readonly Member[], items: readonly TimelineItem[]): ReportsView {
  const said = items.flatMap((item) => (item.kind === "message" ? [item] : []));
  const all = state === "desk" || state === "busy" ? deskOf(people, said) : [];
  const list = signal<readonly ReportView[] | null>(all);
  const own = signal<readonly OwnReport[] | null>(state === "reported" ? ownOf(people) : []);
  const done = (): Promise<void> => Promise.resolve();
  return {
    waiting: signal(all.filter(({ open }) => open).length),
    list,
    own,
    readers: (_, accused) => (state === "nobody_to_tell" ? [] : ["Fern", "Moss"].filter((name) => who(people, name).id !== accused)),
    lines: (_, line, around) => {
      const at = said.findIndex(({ seq }) => seq === line);
      return said.slice(Math.max(0, at - around + 1), at + 2).map(({ seq }) => seq ?? 0);
    },
    reportMessage: done,
    report: done,
    load: done,
    loadOwn: done,
    addNote: done,
    assign: done,
    resolve: done,
    reopen: done,
  };
}
