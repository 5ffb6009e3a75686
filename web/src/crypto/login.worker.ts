/** Stretches a passphrase beside the page, so that the page stays responsive. One question, one answer. */
import { argon, type ArgonInput } from "./argon.ts";

addEventListener("message", ({ data }: MessageEvent<ArgonInput>) => {
  void argon(data).then(postMessage);
});
