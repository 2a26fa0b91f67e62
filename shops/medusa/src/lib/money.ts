/** Money between Medusa's decimals and the engine's minor units. */

// ISO 4217: how many digits the minor unit of a currency has, where that is not two.
const DIGITS = new Map<string, number>([
  ..."BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
    .split(" ")
    .map((code): [string, number] => [code, 0]),
  ..."BHD IQD JOD KWD LYD OMR TND".split(" ").map((code): [string, number] => [code, 3]),
  ..."CLF UYW".split(" ").map((code): [string, number] => [code, 4]),
]);

/** An amount as Medusa tells it: a number, its digits, or an object around them; none is 0. */
export type Amount = number | string | { numeric?: number; value?: unknown } | null | undefined;

/** The number of decimal digits of the currency's minor unit: EUR 2, JPY 0, KWD 3. */
export function minorDigits(currency: string): number {
  return DIGITS.get(currency.toUpperCase()) ?? 2;
}

/** An amount as a number of whole units of its currency. */
export function numeric(amount: Amount): number {
  const told = typeof amount === "object" && amount ? (amount.numeric ?? amount.value) : amount;
  return Number(told ?? 0);
}

/** Whole units of a currency in its minor units, rounded half up. */
export function toMinor(amount: number, currency: string): number {
  // Six digits behind the minor unit are more than any price has: what is beyond is the noise of
  // binary fractions, such as in 1.005 * 100.
  return Math.round(Number((amount * 10 ** minorDigits(currency)).toFixed(6)));
}

/** Minor units of a currency in whole units, as Medusa has them. */
export function fromMinor(minor: number, currency: string): number {
  return minor / 10 ** minorDigits(currency);
}
