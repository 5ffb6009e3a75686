/**
 * Whom to call in an emergency, country by country. It ships with the page, so that it is there without a connection.
 *
 * Only national lines that take calls from adults in a crisis. A line that does not answer day and night says when it
 * does, as a number without hours reads as one that answers now. Compared with public lists on the day of CHECKED; the
 * services' own pages have the last word, and the screen says so.
 */

/** The day (ISO) on which every entry was last compared. */
export const CHECKED = "2026-11-22";

export interface CrisisLine {
  /** The service's own name for itself. */
  readonly name: string;
  /** As people write it; a number to dial once the spaces are out. */
  readonly number: string;
  /** Hours of the day between which it answers, local time; absent: day and night. */
  readonly hours?: readonly [from: number, until: number];
  /** The number takes text messages too. */
  readonly texts?: true;
  /** The language in which it answers, where a country has several lines: BCP 47. */
  readonly language?: string;
}

export interface Country {
  /** ISO 3166-1. */
  readonly code: string;
  /** For danger to life. */
  readonly emergency: readonly string[];
  readonly lines: readonly CrisisLine[];
}

export const COUNTRIES: readonly Country[] = [
  { code: "AT", emergency: ["112", "144"], lines: [{ name: "Telefonseelsorge", number: "142" }] },
  { code: "AU", emergency: ["000"], lines: [{ name: "Lifeline", number: "13 11 14" }] },
  {
    code: "BE",
    emergency: ["112"],
    lines: [
      { name: "Zelfmoordlijn 1813", number: "1813", language: "nl" },
      { name: "Centre de Prévention du Suicide", number: "0800 32 123", language: "fr" },
    ],
  },
  { code: "BR", emergency: ["192", "190"], lines: [{ name: "CVV", number: "188" }] },
  { code: "CA", emergency: ["911"], lines: [{ name: "9-8-8 Suicide Crisis Helpline", number: "988", texts: true }] },
  { code: "CH", emergency: ["112", "144"], lines: [{ name: "Die Dargebotene Hand · La Main Tendue", number: "143" }] },
  {
    code: "DE",
    emergency: ["112"],
    lines: [
      { name: "TelefonSeelsorge", number: "0800 111 0 111" },
      { name: "TelefonSeelsorge", number: "0800 111 0 222" },
    ],
  },
  { code: "DK", emergency: ["112"], lines: [{ name: "Livslinien", number: "70 201 201", hours: [11, 5] }] },
  { code: "ES", emergency: ["112"], lines: [{ name: "Línea 024", number: "024" }] },
  { code: "FI", emergency: ["112"], lines: [{ name: "MIELI Kriisipuhelin", number: "09 2525 0111" }] },
  { code: "FR", emergency: ["112", "15"], lines: [{ name: "Numéro national de prévention du suicide", number: "3114" }] },
  { code: "GB", emergency: ["999", "112"], lines: [{ name: "Samaritans", number: "116 123" }] },
  { code: "IE", emergency: ["112", "999"], lines: [{ name: "Samaritans", number: "116 123" }] },
  { code: "IN", emergency: ["112"], lines: [{ name: "Tele MANAS", number: "14416" }] },
  { code: "IT", emergency: ["112"], lines: [{ name: "Telefono Amico Italia", number: "02 2327 2327", hours: [9, 24] }] },
  { code: "JP", emergency: ["119", "110"], lines: [{ name: "#いのちSOS", number: "0120 061 338" }] },
  { code: "KR", emergency: ["119", "112"], lines: [{ name: "자살예방상담전화", number: "109" }] },
  { code: "MX", emergency: ["911"], lines: [{ name: "Línea de la Vida", number: "800 911 2000" }] },
  { code: "NL", emergency: ["112"], lines: [{ name: "113 Zelfmoordpreventie", number: "0800 0113" }] },
  { code: "NO", emergency: ["113", "112"], lines: [{ name: "Mental Helse Hjelpetelefonen", number: "116 123" }] },
  { code: "NZ", emergency: ["111"], lines: [{ name: "Need to talk?", number: "1737", texts: true }] },
  { code: "PL", emergency: ["112"], lines: [{ name: "Centrum Wsparcia", number: "800 70 2222" }] },
  { code: "PT", emergency: ["112"], lines: [{ name: "SNS 24", number: "808 24 24 24" }] },
  { code: "SE", emergency: ["112"], lines: [{ name: "Mind Självmordslinjen", number: "90101" }] },
  { code: "US", emergency: ["911"], lines: [{ name: "988 Suicide & Crisis Lifeline", number: "988", texts: true }] },
  { code: "ZA", emergency: ["112", "10177"], lines: [{ name: "SADAG Suicide Crisis Line", number: "0800 567 567" }] },
];

/** What a telephone dials. */
export function dialled(number: string): string {
  return number.replaceAll(" ", "");
}
