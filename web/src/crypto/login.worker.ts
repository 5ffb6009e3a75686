/** Stretches a passphrase beside the page, so that the page stays responsive. One question, one answer: null where memory is short. */
import { argon, type ArgonInput } from "./argon.ts";

addEventListener("message", ({ data }: MessageEvent<ArgonInput>) => {
  argon(data).then(postMessage, () => postMessage(null));
});
