/** How long comparisons go on: short in `make test`, whole in `make soak`. */
export function rounds(short: number, whole: number): number {
  return process.env["SAFESPACE_CAMPAIGN"] === "full" ? whole : short;
}
