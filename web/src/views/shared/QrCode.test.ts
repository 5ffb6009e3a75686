import jsQR from "jsqr";
import { expect, test } from "vitest";
import { vectors } from "../../../tests/vectors.ts";
import { QrCode } from "./QrCode";

const { links } = vectors("invites") as { links: { link: string } };
interface Drawn<Props> {
  readonly props: Props;
}
/** Pixels of one cell. */
const CELL = 4;

/** What another program reads in the picture. */
function scanned(text: string): string | undefined {
  const { props } = QrCode({ text, label: "" }) as unknown as Drawn<{ viewBox: string; children: readonly Drawn<{ d?: string }>[] }>;
  const size = Number(props.viewBox.split(" ")[3]) * CELL;
  const picture = new Uint8ClampedArray(size * size * 4).fill(255);
  for (const [, x, y] of (props.children[1]?.props.d ?? "").matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let at = 0; at < CELL * CELL; at += 1) {
      const [column, row] = [Number(x) * CELL + (at % CELL), Number(y) * CELL + Math.floor(at / CELL)];
      picture.set([17, 17, 17], (row * size + column) * 4);
    }
  }
  return jsQR(picture, size, size)?.data;
}

test.each([links.link, links.link.replace("https://circle.example", "http://localhost:8000"), links.link.replace("circle", "c".repeat(120))])(
  "the picture of an invite is read whole, with what comes after the number sign: %s",
  (link) => {
    expect(scanned(link)).toBe(link);
  },
);
