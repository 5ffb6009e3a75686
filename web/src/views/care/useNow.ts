import { useEffect, useState } from "preact/hooks";
import type { TalkView } from "../../room/types";

/** The server's time, told again every second, or every so many milliseconds. */
export function useNow(room: TalkView, every = 1000): number {
  const [now, setNow] = useState(() => room.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(room.now()), every);
    return () => clearInterval(timer);
  }, [room, every]);
  return now;
}
