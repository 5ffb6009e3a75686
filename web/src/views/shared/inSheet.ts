import { type ComponentChildren, createContext } from "preact";

/** What of the room goes on in every sheet over it: nothing else of it is seen or heard under one. */
export const InSheet = createContext<ComponentChildren>(null);
