/** Texts of the shop, in one language and no longer than the engine takes them. */
import type { Collection, LanguageCode } from "@vendure/core";

export const NAME = 120;
export const TITLE = 300;
const CATEGORY = 200;

/** The first collection, in the order of the shop's menu, that customers can see. */
export function category(collections: Collection[], language: LanguageCode): string | null {
  const seen = collections.filter((one) => !one.isRoot && !one.isPrivate);
  const [first] = seen.sort((one, other) => one.position - other.position);
  return first ? (inLanguage(first.translations, language)?.name.slice(0, CATEGORY) ?? null) : null;
}

/** The translation in a language, else any. */
export function inLanguage<T extends { languageCode: string }>(
  translations: T[],
  language: LanguageCode,
): T | undefined {
  return translations.find((one) => one.languageCode === language) ?? translations[0];
}
