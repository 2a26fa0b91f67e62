/** Texts of the shop, no longer than the engine takes them. */
export const NAME = 120;
export const TITLE = 300;
const CATEGORY = 200;

/** A text of at most so many characters; null: there is none. */
export function short(text: string | null | undefined, longest: number): string | null {
  return text ? text.slice(0, longest) : null;
}

/** The name of the first category; null: there is none. */
export function category(
  categories: Array<{ name?: string | null } | null> | null | undefined,
): string | null {
  return short(categories?.find((one) => one?.name)?.name, CATEGORY);
}
