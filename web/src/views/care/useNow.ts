import { useEffect, useState } from "preact/hooks";
import type { TalkView } from "../../room/types";

/** The server's time, told again every second. */
export function useNow(room: TalkView): number {
  const [now, setNow] = useState(() => room.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(room.now()), 1000);
    return () => clearInterval(timer);
  }, [room]);
  return now;
}
