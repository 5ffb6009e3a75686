/** Which country's numbers are shown: what the person chose on this device, else what the browser's languages suggest. */
import { signal } from "@preact/signals";
import { ofBrowser, regionOf, spokenTags } from "../../platform";
import { COUNTRIES, type Country } from "./crisisLines";

const KEPT = "country";
/** None of the listed ones. */
export const ELSEWHERE = "elsewhere";

function known(code: string | null | undefined): Country | undefined {
  return COUNTRIES.find((country) => country.code === code);
}

function suggested(): string {
  const regions = spokenTags().map(regionOf);
  return regions.find((region) => known(region)) ?? ELSEWHERE;
}

function kept(): string | null {
  const code = ofBrowser.get(KEPT);
  return code === ELSEWHERE || known(code) ? code : null;
}

/** A code of the list, or ELSEWHERE. */
export const chosenCountry = signal(ELSEWHERE);

export function startCountry(): void {
  chosenCountry.value = kept() ?? suggested();
}

export function chooseCountry(code: string): void {
  ofBrowser.set(KEPT, code);
  chosenCountry.value = code;
}

/** The numbers to show; undefined for a country that is not listed. */
export function countryShown(): Country | undefined {
  return known(chosenCountry.value);
}
