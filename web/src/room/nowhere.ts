/** Where a passing room keeps things: nowhere. What is at hand is in the page's memory, and goes with it. */
import type { Shelves } from "./desk.ts";

export const NOWHERE: Shelves = {
  get: () => Promise.resolve(null),
  write: () => Promise.resolve(),
  lines: () => Promise.resolve([]),
  linesAfter: () => Promise.resolve([]),
  firstPlace: () => Promise.resolve(null),
};
