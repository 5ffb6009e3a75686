/**
 * The line to the relay: one WebSocket, made again whenever it breaks. What was missed is asked for by those who listen
 * to `opened`; nothing is queued here.
 */
import { FormError } from "../form.ts";
import { elapsed } from "./clock.ts";
import { parseServerFrame, type ClientFrame, type PingFrame, type PongFrame, type ServerFrame } from "./wire.ts";

/** The login has ended: the line stays closed. */
export const CLOSE_LOGGED_OUT = 4401;
/** Close codes after which one resumes at once: a reader that fell behind, a server that starts again. */
const RESUME = new Set([4408, 1012]);
const FIRST_WAIT = 500;
const LONGEST_WAIT = 20_000;
/** A line that lasted so long was a good one. */
const GOOD = 5_000;
/** Every frame of ours is answered; a line on which this takes longer is dead, though the browser has not noticed. */
const PATIENCE = 15_000;
/** After such a silence it is asked whether the line is alive: the other end may be gone without a word. */
const SILENCE = 12_000;

export interface Listener {
  opened(): void;
  received(frame: Exclude<ServerFrame, PongFrame>): void;
  /** The line broke and will be tried again. */
  lost(): void;
  loggedOut(): void;
}

/** Between half of `milliseconds` and all of it, so that not everyone returns at once. */
export function jittered(milliseconds: number): number {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return milliseconds * (0.5 + random / 2 ** 33);
}

export class Socket {
  readonly #url: string;
  readonly #listener: Listener;
  #line: WebSocket | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #openedAt = 0;
  #heardAt = 0;
  #wanted = false;

  constructor(url: string, listener: Listener) {
    this.#url = url;
    this.#listener = listener;
  }

  get open(): boolean {
    return this.#line?.readyState === WebSocket.OPEN;
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    globalThis.addEventListener("online", this.#awake);
    globalThis.addEventListener("offline", this.#broken);
    globalThis.document.addEventListener("visibilitychange", this.#awake);
    this.#connect();
  }

  stop(): void {
    this.#wanted = false;
    globalThis.removeEventListener("online", this.#awake);
    globalThis.removeEventListener("offline", this.#broken);
    globalThis.document.removeEventListener("visibilitychange", this.#awake);
    this.#drop();
  }

  /** False when the line is down: the frame was not sent. */
  send(frame: ClientFrame | PingFrame): boolean {
    if (!this.#line || !this.open) return false;
    this.#line.send(JSON.stringify(frame));
    this.#patience ??= setTimeout(this.#broken, PATIENCE);
    return true;
  }

  /** Back from sleep or from another network, the old line is seldom alive. */
  readonly #awake = (): void => {
    if (!this.#wanted || globalThis.document.visibilityState !== "visible") return;
    if (this.open && elapsed() - this.#heardAt > PATIENCE) this.#broken();
    if (!this.#line) this.#connect();
  };

  readonly #broken = (): void => {
    if (this.#line) this.#ended(this.#line, 1006);
  };

  readonly #listen = (): void => {
    const quiet = elapsed() - this.#heardAt;
    if (quiet >= SILENCE) this.send({ t: "ping" });
    this.#silence = setTimeout(this.#listen, quiet >= SILENCE ? SILENCE : SILENCE - quiet);
  };

  #drop(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#patience);
    this.#patience = undefined;
    clearTimeout(this.#silence);
    const line = this.#line;
    this.#line = null;
    line?.close(1000);
  }

  #connect(): void {
    this.#drop();
    const line = new WebSocket(this.#url);
    this.#line = line;
    line.onopen = () => {
      if (this.#line !== line) return;
      this.#openedAt = this.#heardAt = elapsed();
      this.#silence = setTimeout(this.#listen, SILENCE);
      this.#listener.opened();
    };
    line.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (this.#line !== line || typeof data !== "string") return;
      this.#heardAt = elapsed();
      if (this.#patience !== undefined) clearTimeout(this.#patience);
      this.#patience = undefined;
      const frame = read(data);
      if (frame && frame.t !== "pong") this.#listener.received(frame);
    };
    line.onclose = ({ code }) => this.#ended(line, code);
  }

  #ended(line: WebSocket, code: number): void {
    if (this.#line !== line) return;
    const good = this.#openedAt > 0 && elapsed() - this.#openedAt > GOOD;
    this.#openedAt = 0;
    this.#drop();
    if (code === CLOSE_LOGGED_OUT) {
      this.stop();
      this.#listener.loggedOut();
      return;
    }
    this.#failures = good || RESUME.has(code) ? 0 : this.#failures + 1;
    const wait = Math.min(FIRST_WAIT * 2 ** this.#failures, LONGEST_WAIT);
    this.#retry = setTimeout(() => this.#connect(), jittered(wait));
    this.#listener.lost();
  }
}

/** null for what is not of our grammar: nothing can be done with it, and the log shows if it mattered. */
function read(data: string): ServerFrame | null {
  try {
    return parseServerFrame(data);
  } catch (error) {
    if (error instanceof FormError) return null;
    throw error;
  }
}
