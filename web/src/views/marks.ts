/**
 * The mark beside a pseudonym: a soft shape in a soft colour, worked out on the device from the member id alone.
 * It only helps the eye; the name always stands beside it.
 */
export interface MarkDrawing {
  /** SVG paths in a 36 by 36 box: the body, and the darker thing inside it. */
  readonly body: string;
  readonly heart: string;
  readonly soft: string;
  readonly deep: string;
}

const SHAPES: readonly (readonly [body: string, heart: string])[] = [
  // leaf
  ["M5 29C4 13 12 5 29 5q3 0 3 3C32 25 23 32 8 32q-3 0-3-3Z", "M11 25C12 18 17 13 25 11 24 19 19 24 11 25Z"],
  // drop
  ["M18 2.5C22 9 29 15 29 22.5A11 11 0 0 1 7 22.5C7 15 14 9 18 2.5Z", "M10.5 20.5Q18 24.5 25.5 20.5A7.6 7.6 0 0 1 10.5 20.5Z"],
  // arch
  ["M5 31V17A13 13 0 0 1 31 17V31Q31 33 29 33H7Q5 33 5 31Z", "M13 33V23A5 5 0 0 1 23 23V33Z"],
  // flower
  ["M11.5 3.5A8 8 0 0 1 18 6.8 8 8 0 1 1 29.2 18 8 8 0 1 1 18 29.2 8 8 0 1 1 6.8 18 8 8 0 0 1 11.5 3.5Z", "M18 13.8A4.2 4.2 0 0 1 18 22.2 4.2 4.2 0 0 1 18 13.8Z"],
  // hill
  ["M5 30V18A13 13 0 0 1 31 18V30Q31 33 28 33H8Q5 33 5 30Z", "M5 25Q12 18 18 24 24 19 31 24V30Q31 33 28 33H8Q5 33 5 30Z"],
  // wave
  ["M18 3.5A14.5 14.5 0 0 1 18 32.5 14.5 14.5 0 0 1 18 3.5Z", "M5 20Q11 17 18 19.5T31.5 18.5A13.5 13.5 0 0 1 5 20Z"],
  // diamond
  ["M14.5 5Q18 1.5 21.5 5L31 14.5Q34.5 18 31 21.5L21.5 31Q18 34.5 14.5 31L5 21.5Q1.5 18 5 14.5Z", "M16 12Q18 10 20 12L24 16Q26 18 24 20L20 24Q18 26 16 24L12 20Q10 18 12 16Z"],
  // moon
  ["M18 3.5A14.5 14.5 0 0 1 18 32.5 14.5 14.5 0 0 1 18 3.5Z", "M19 6A12.5 12.5 0 1 0 30 22.5 11 11 0 0 1 19 6Z"],
  // shell
  ["M3 21A15 15 0 0 1 33 21Q33 23 31.5 24.3L21 32Q18 34 15 32L4.5 24.3Q3 23 3 21Z", "M11 21A7 7 0 0 1 25 21L19.5 27.5Q18 29 16.5 27.5Z"],
  // cloud
  ["M10 31A7.8 7.8 0 0 1 7.5 15.8 11 11 0 0 1 28.3 14.5 8.4 8.4 0 0 1 26.5 31Z", "M10.5 25Q18 15.5 25.5 25 26 27 24 27H12Q10 27 10.5 25Z"],
  // tulip
  ["M5.5 7.5Q12 10 18 3.5 24 10 30.5 7.5V20A12.5 12.5 0 0 1 5.5 20Z", "M18 14Q24 19 24 23.2A6 6 0 0 1 12 23.2Q12 19 18 14Z"],
  // pebble
  ["M19 4C28 4 34 12 32 21 30.5 29 22 33 14 31.5 6 30 2 22 4.5 14 6.5 8 12 4 19 4Z", "M21.5 11A5.5 5.5 0 0 1 21.5 22 5.5 5.5 0 0 1 21.5 11Z"],
];

const COLOURS: readonly (readonly [soft: string, deep: string])[] = [
  ["#a9c6a1", "#5c8a60"],
  ["#c6b0dc", "#7b62a0"],
  ["#b5c3e3", "#5d6fa8"],
  ["#efbf98", "#b27044"],
  ["#e5b2b4", "#a5606a"],
  ["#e0c98c", "#937a30"],
  ["#a7cfc8", "#47857c"],
  ["#a9cfe0", "#46799a"],
  ["#dcb7a0", "#96604a"],
  ["#c3c4d8", "#6c6c92"],
];

/** FNV-1a, 32 bits: only to spread ids over shapes and colours. */
function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}

function pick<T>(choices: readonly T[], number: number): T {
  const choice = choices[number % choices.length];
  if (choice === undefined) throw new Error("There is nothing to choose from");
  return choice;
}

/** The same drawing for the same member id, on every device. */
export function markOf(memberId: string): MarkDrawing {
  const number = spread(memberId);
  const [body, heart] = pick(SHAPES, number);
  const [soft, deep] = pick(COLOURS, Math.floor(number / SHAPES.length));
  return { body, heart, soft, deep };
}
