/** Money between Vendure's integers and the engine's minor units. */

// ISO 4217: how many digits the minor unit of a currency has, where that is not two.
const DIGITS = new Map<string, number>([
  ..."BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
    .split(" ")
    .map((code): [string, number] => [code, 0]),
  ..."BHD IQD JOD KWD LYD OMR TND".split(" ").map((code): [string, number] => [code, 3]),
  ..."CLF UYW".split(" ").map((code): [string, number] => [code, 4]),
]);

/** The number of decimal digits of the currency's minor unit: EUR 2, JPY 0, KWD 3. */
export function minorDigits(currency: string): number {
  return DIGITS.get(currency.toUpperCase()) ?? 2;
}

/**
 * An amount as the shop stores it, in minor units, rounded half up. `stored` is how many decimals
 * the shop's integers have: with 2, Vendure's default for every currency, 100000 is 1000 yen.
 */
export function toMinor(amount: number, currency: string, stored: number): number {
  const shift = minorDigits(currency) - stored;
  return shift >= 0 ? amount * 10 ** shift : Math.round(amount / 10 ** -shift);
}

/** Minor units as the shop stores them; undefined if it cannot store them to the last digit. */
export function fromMinor(minor: number, currency: string, stored: number): number | undefined {
  const shift = stored - minorDigits(currency);
  const amount = shift >= 0 ? minor * 10 ** shift : minor / 10 ** -shift;
  return Number.isInteger(amount) ? amount : undefined;
}
