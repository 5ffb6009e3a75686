import { useEffect, useRef, useState } from "preact/hooks";
import { codeOf } from "../../room/errors";

/** Fetches something when the screen appears; gives the code of what stood in the way. */
export function useLoad(load: () => Promise<void>): string | null {
  const [code, setCode] = useState<string | null>(null);
  const first = useRef(load);
  useEffect(() => {
    first.current().catch((error: unknown) => setCode(codeOf(error)));
  }, []);
  return code;
}
