/** REST under `/v1` (docs/protocol.md). Every failure is an AppError with the server's code, or `offline`. */
import { AppError } from "../room/errors.ts";
import { Clock } from "./clock.ts";

type Method = "GET" | "POST" | "DELETE";

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export class Api {
  readonly clock = new Clock();
  readonly #base: string;

  /** `base` is an origin, or "" for the page's own. */
  constructor(base = "") {
    this.#base = base;
  }

  get<T>(path: string): Promise<T> {
    return this.#ask<T>("GET", path);
  }

  post<T>(path: string, body: object = {}): Promise<T> {
    return this.#ask<T>("POST", path, body);
  }

  delete(path: string): Promise<null> {
    return this.#ask<null>("DELETE", path);
  }

  /** Tells the server something that nobody said: without the login, and with the headers that every browser may send. */
  nameless(path: string, body: object): Promise<null> {
    return this.#ask<null>("POST", path, body, { "Accept-Language": "*", "User-Agent": "SafeSpace" });
  }

  /** Every item of a list, page by page. */
  async list<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
      const page: Page<T> = await this.get(path + query);
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return items;
  }

  /** With `plain` headers there is no login. */
  async #ask<T>(method: Method, path: string, body?: object, plain?: Readonly<Record<string, string>>): Promise<T> {
    const headers: Record<string, string> = { ...(plain ?? { "X-SafeSpace": "1" }) };
    if (body) headers["Content-Type"] = "application/json";
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#base}/v1${path}`, {
        method,
        headers,
        credentials: plain ? "omit" : "same-origin",
        cache: "no-store",
        redirect: "error",
        ...(body && { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (cause) {
      throw new AppError("offline", { cause });
    }
    const date = Date.parse(response.headers.get("Date") ?? "");
    // The header is cut to whole seconds.
    if (!Number.isNaN(date)) this.clock.heard(date + 500);
    const answer = parse(text);
    if (response.ok) return answer as T;
    const code = answer !== null && typeof answer === "object" && "code" in answer ? answer.code : null;
    const wait = Number(response.headers.get("Retry-After"));
    throw new AppError(typeof code === "string" ? code : "internal", { retryAfter: wait > 0 ? wait : null });
  }
}

function parse(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
