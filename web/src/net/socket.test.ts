import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Socket } from "./socket.ts";

/** A line of the browser's, as far as a `Socket` looks at it. */
class Line {
  static readonly OPEN = 1;
  static all: Line[] = [];
  readyState = 0;
  said: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor() {
    Line.all.push(this);
  }

  open(): void {
    this.readyState = Line.OPEN;
    this.onopen?.();
  }

  send(text: string): void {
    this.said.push(text);
  }

  close(): void {
    this.readyState = 3;
  }
}

const PING = '{"t":"ping"}';
const heard: unknown[] = [];
let lost = 0;
let socket: Socket;

beforeEach(() => {
  vi.useFakeTimers();
  const page = new EventTarget();
  for (const name of ["addEventListener", "removeEventListener"] as const) vi.stubGlobal(name, page[name].bind(page));
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  vi.stubGlobal("WebSocket", Line);
  Line.all = [];
  heard.length = lost = 0;
  const listener = {
    opened: () => undefined, received: (frame: unknown) => heard.push(frame), lost: () => lost++, loggedOut: () => undefined,
  };
  socket = new Socket("ws://localhost/v1/socket", listener);
  socket.start();
  Line.all[0]?.open();
});

afterEach(() => {
  socket.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a line that went dead without a word is left within half a minute, though nobody writes", () => {
  vi.advanceTimersByTime(12_000);
  expect(Line.all[0]?.said).toEqual([PING]);
  vi.advanceTimersByTime(18_000);
  expect(lost).toBe(1);
  expect(Line.all[0]?.readyState).toBe(3);
  expect(Line.all).toHaveLength(2);
});

test("a line that answers stays, and is asked only when it is silent", () => {
  const [line] = Line.all;
  for (let minute = 0; minute < 10; minute++) {
    vi.advanceTimersByTime(12_000);
    line?.onmessage?.({ data: '{"t":"pong"}' });
  }
  expect(line?.said).toEqual(Array<string>(10).fill(PING));
  for (let second = 0; second < 60; second++) {
    vi.advanceTimersByTime(1_000);
    line?.onmessage?.({ data: '{"t":"waiting","group":"0198c0de-0000-7000-8000-000000000000","count":1}' });
  }
  expect(line?.said).toHaveLength(10);
  expect(heard).toHaveLength(60);
  expect(lost).toBe(0);
});

test("nothing is asked on a line that is no more", () => {
  socket.stop();
  vi.advanceTimersByTime(60_000);
  expect(Line.all[0]?.said).toEqual([]);
  expect(Line.all).toHaveLength(1);
});
