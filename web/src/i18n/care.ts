/** The words of the room, which come with its part of the pages. */
import english from "./en.care.ftl?raw";
import { addWords } from "./text";

export function startCareWords(): void {
  addWords({ "en": english, "qps-plocm": english });
}
