/**
 * The line to the relay: one WebSocket, made again whenever it breaks. What was missed is asked for by those who listen
 * to `opened`; nothing is queued here.
 */
import { FormError } from "../form.ts";
import { parseServerFrame, type ClientFrame, type ServerFrame } from "./wire.ts";

/** The login has ended: the line stays closed. */
export const CLOSE_LOGGED_OUT = 4401;
/** Close codes after which one resumes at once: a reader that fell behind, a server that starts again. */
const RESUME = new Set([4408, 1012]);
const FIRST_WAIT = 500;
const LONGEST_WAIT = 20_000;

export interface Listener {
  opened(): void;
  received(frame: ServerFrame): void;
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
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
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
    globalThis.addEventListener("online", this.#now);
    globalThis.addEventListener("offline", this.#broken);
    globalThis.document.addEventListener("visibilitychange", this.#now);
    this.#connect();
  }

  stop(): void {
    this.#wanted = false;
    clearTimeout(this.#timer);
    globalThis.removeEventListener("online", this.#now);
    globalThis.removeEventListener("offline", this.#broken);
    globalThis.document.removeEventListener("visibilitychange", this.#now);
    this.#line?.close(1000);
    this.#line = null;
  }

  /** False when the line is down: the frame was not sent. */
  send(frame: ClientFrame): boolean {
    if (!this.#line || !this.open) return false;
    this.#line.send(JSON.stringify(frame));
    return true;
  }

  readonly #now = (): void => {
    if (this.#wanted && !this.#line && globalThis.document.visibilityState === "visible") this.#connect();
  };

  /** A browser notices a dead line only after minutes, but knows at once that the network is gone. */
  readonly #broken = (): void => {
    this.#line?.close();
  };

  #connect(): void {
    clearTimeout(this.#timer);
    const line = new WebSocket(this.#url);
    this.#line = line;
    line.onopen = () => {
      this.#failures = 0;
      this.#listener.opened();
    };
    line.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (this.#line !== line || typeof data !== "string") return;
      const frame = read(data);
      if (frame) this.#listener.received(frame);
    };
    line.onclose = ({ code }) => {
      if (this.#line !== line) return;
      this.#line = null;
      if (!this.#wanted) return;
      if (code === CLOSE_LOGGED_OUT) {
        this.stop();
        this.#listener.loggedOut();
        return;
      }
      const wait = RESUME.has(code) ? FIRST_WAIT : Math.min(FIRST_WAIT * 2 ** this.#failures, LONGEST_WAIT);
      this.#failures += 1;
      this.#timer = setTimeout(() => this.#connect(), jittered(wait));
      this.#listener.lost();
    };
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
