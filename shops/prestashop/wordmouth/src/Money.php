<?php

namespace Wordmouth\Shop;

/**
 * Money between the shop's texts with six decimals and the engine's whole minor units.
 */
final class Money
{
    // ISO 4217: how many digits the minor unit has, where that is not two. What a shop has set
    // as the decimals of a currency says how prices are shown, which is another question.
    const NO_DIGITS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF';
    const THREE_DIGITS = 'BHD IQD JOD KWD LYD OMR TND';
    const FOUR_DIGITS = 'CLF UYW';

    /**
     * How many digits the minor unit of a currency has: EUR 2, JPY 0, KWD 3.
     *
     * @param string $currency ISO 4217
     *
     * @return int
     */
    public static function digits($currency)
    {
        $known = [0 => self::NO_DIGITS, 3 => self::THREE_DIGITS, 4 => self::FOUR_DIGITS];
        foreach ($known as $digits => $currencies) {
            if (in_array($currency, explode(' ', $currencies), true)) {
                return $digits;
            }
        }

        return 2;
    }

    /**
     * An amount of the shop in minor units, rounded half up: "12.345000" of EUR is 1235.
     *
     * The text is read digit by digit: as a number, 1.005 is less than it says.
     *
     * @param string|float|int|null $amount
     * @param string $currency
     *
     * @return int
     */
    public static function minor($amount, $currency)
    {
        $text = is_string($amount) ? trim($amount) : sprintf('%.6F', $amount);
        if (!preg_match('/^([+-]?)0*([0-9]*)(?:\.([0-9]*))?$/D', $text, $parts)) {
            // A number in another notation, such as 1.0E-6.
            return self::minor(sprintf('%.6F', (float) $text), $currency);
        }
        $digits = self::digits($currency);
        $decimals = str_pad(isset($parts[3]) ? $parts[3] : '', $digits + 1, '0');
        $minor = (int) ($parts[2] . substr($decimals, 0, $digits));
        $minor += (int) ($decimals[$digits] >= '5');

        return $parts[1] === '-' ? -$minor : $minor;
    }

    /**
     * Minor units as the shop writes an amount: 1230 of EUR is "12.30".
     *
     * @param int $minor not negative
     * @param string $currency
     *
     * @return string
     */
    public static function amount($minor, $currency)
    {
        $digits = self::digits($currency);
        if ($digits === 0) {
            return (string) $minor;
        }
        $padded = str_pad((string) $minor, $digits + 1, '0', STR_PAD_LEFT);

        return substr($padded, 0, -$digits) . '.' . substr($padded, -$digits);
    }
}
