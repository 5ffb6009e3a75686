import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { App } from "../room/types";

export const AppContext = createContext<App | null>(null);

/** The app on this device, given by `start`. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error("This component stands outside the app");
  return app;
}
