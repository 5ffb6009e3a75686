/** Our own small set, drawn on a 24 by 24 grid with a round 1.6 pen. */
const DRAWINGS = {
  leave: "M14 5H7a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h7M10 12h10m-3.5-3.5L20 12l-3.5 3.5",
  lock: "M7 11h10a1.5 1.5 0 0 1 1.5 1.5v6A1.5 1.5 0 0 1 17 20H7a1.5 1.5 0 0 1-1.5-1.5v-6A1.5 1.5 0 0 1 7 11Zm1.5 0V7.5a3.5 3.5 0 0 1 7 0V11",
  menu: "M4 9h16M4 15h16",
  back: "m14.5 5.5-6.5 6.5 6.5 6.5",
  on: "m9.5 5.5 6.5 6.5-6.5 6.5",
  close: "m6 6 12 12M18 6 6 18",
  send: "M12 19.5v-15m-5.5 5.5L12 4.5l5.5 5.5",
  down: "M12 5v14m-5.5-5.5L12 19l5.5-5.5",
  plus: "M12 5v14M5 12h14",
  heart: "M12 19.5S4.5 15 4.5 9.8A3.9 3.9 0 0 1 12 8a3.9 3.9 0 0 1 7.5 1.8C19.5 15 12 19.5 12 19.5Z",
  leaf: "M5 19c0-9 4-14 15-14 0 9-4 13.5-10 13.5-2.5 0-4-1.5-4-3.5 0-3 3-5 7-6",
  pass: "M4 15.5C6 10.5 12 8 19 12m.5-5.5V12H14",
  people: "M9 11.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM3.5 19c0-3 2.5-5 5.5-5s5.5 2 5.5 5M15.5 11.3a2.8 2.8 0 1 0-.8-5.5M17 14.3c2.2.5 3.5 2.3 3.5 4.7",
  person: "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM5 19.5c0-3.5 3-5.5 7-5.5s7 2 7 5.5",
  remove: "M10 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM3.5 19.5c0-3.5 2.5-5.5 6.5-5.5 2 0 3.5.5 4.7 1.5M16 19h5",
  door: "M6 20V5.5A1.5 1.5 0 0 1 7.5 4h9A1.5 1.5 0 0 1 18 5.5V20M3.5 20h17M14.5 12v.5",
  look: "M12 4 2.8 19.5h18.4L12 4Zm0 6v4.5m0 2.5v.2",
  copy: "M9.5 8.5h9v11h-9zM6.5 15.5h-1v-11h9v1",
  again: "M5 12a7 7 0 0 1 12-4.9L19.5 9.5M19.5 5v4.5H15M19 12a7 7 0 0 1-12 4.9L4.5 14.5M4.5 19v-4.5H9",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Zm9.5 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  shut: "M3 10c2 3 5 4.5 9 4.5s7-1.5 9-4.5M5.5 13 4 15.5M9.5 14.3 9 17m5.5-2.7L15 17m3.5-4L20 15.5",
  settings: "M4 7.5h9m5 0h2M4 16.5h2m5 0h9M15.5 10a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8.5 19a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  about: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17Zm0-9.5v5.5M12 7.5v.2",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  reading: "M3 18 8 6l5 12M4.7 14h6.6M14 18l3.5-8 3.5 8m-5.7-2.5h4.4",
  check: "m5 12.5 4.5 4.5L19 7.5",
  offline: "M4 4l16 16M8 8.2A5 5 0 0 0 7.5 18H17m3-1.5A4 4 0 0 0 17.5 10 5.5 5.5 0 0 0 11 6.5",
  keys: "M4.5 6.5h15A1.5 1.5 0 0 1 21 8v8a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16V8a1.5 1.5 0 0 1 1.5-1.5ZM7 10.5h.1m3.2 0h.1m3.2 0h.1m3.2 0h.1M8 14h8",
  note: "M5.5 4.5h13v15h-13zM9 9h6m-6 3.5h6M9 16h3",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2",
  more: "M6 12h.1M12 12h.1M18 12h.1",
  ear: "M8 19.5c2.5 0 3-2 3.5-3.5.7-2 4-3.2 4-7a5 5 0 0 0-10 0M8.5 9.5a2 2 0 0 1 4 0c0 1.5-2 1.8-2 3.5",
  quiet: "M4.5 9.5v5h3l4.5 4v-13l-4.5 4zM16 10l4 4m0-4-4 4",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7",
} as const;

/** Icons that point somewhere are turned round where one reads from right to left. */
const TURNING: ReadonlySet<IconName> = new Set(["leave", "back", "on", "pass", "remove"]);

export type IconName = keyof typeof DRAWINGS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" data-turns={TURNING.has(name) ? "" : undefined}>
      <path d={DRAWINGS[name]} />
    </svg>
  );
}
