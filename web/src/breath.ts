/** Long work in short pieces, so that the page draws and answers in between. */

/** Milliseconds of work at a stretch. */
const STRETCH = 8;

const { port1, port2 } = new MessageChannel();
let waiting: (() => void)[] = [];
let next: Promise<void> | null = null;
let until = 0;

port1.onmessage = () => {
  const resumed = waiting;
  waiting = [];
  next = null;
  until = performance.now() + STRETCH;
  for (const resume of resumed) resume();
};

/**
 * To be awaited between small steps of work: at once while the stretch lasts, else in a task of its own, after whatever
 * the page has to do. A message and not a timer: timers are held back when they follow each other.
 */
export function breathe(): Promise<void> | undefined {
  if (performance.now() < until) return undefined;
  next ??= new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(null);
  });
  return next;
}
