<?php

namespace Wordmouth\Shop;

/**
 * Moments: the shop writes them without a zone, in its own; the engine is told them in UTC.
 */
final class Moment
{
    const SHOP_FORMAT = 'Y-m-d H:i:s';

    /**
     * A moment of the shop's database as RFC 3339 in UTC; null for none ("0000-00-00 00:00:00").
     *
     * @param string|null $text
     * @param int|null $idShop the shop in whose zone it was written
     *
     * @return string|null
     */
    public static function utc($text, $idShop = null)
    {
        if (!is_string($text) || strncmp($text, '0000', 4) === 0) {
            return null;
        }
        $at = \DateTime::createFromFormat(self::SHOP_FORMAT, $text, self::zone($idShop));
        if ($at === false) {
            return null;
        }

        return $at->setTimezone(new \DateTimeZone('UTC'))->format('Y-m-d\TH:i:s\Z');
    }

    /**
     * This moment as RFC 3339 in UTC, to the microsecond.
     *
     * @return string
     */
    public static function now()
    {
        $now = \DateTime::createFromFormat('U.u', sprintf('%.6F', microtime(true)));

        return $now->format('Y-m-d\TH:i:s.u\Z');
    }

    /**
     * Unix seconds as the shop's database has them.
     *
     * @param int $seconds
     * @param int|null $idShop
     *
     * @return string
     */
    public static function inShop($seconds, $idShop = null)
    {
        $at = new \DateTime('@' . (int) $seconds);

        return $at->setTimezone(self::zone($idShop))->format(self::SHOP_FORMAT);
    }

    /**
     * Unix seconds of an RFC 3339 time with a zone; null for any other text.
     *
     * @param mixed $text
     *
     * @return int|null
     */
    public static function parse($text)
    {
        $form = '/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/D';
        if (!is_string($text) || !preg_match($form, $text)) {
            return null;
        }
        try {
            return (new \DateTime($text))->getTimestamp();
        } catch (\Exception $error) {
            return null;
        }
    }

    private static function zone($idShop)
    {
        $name = (string) \Configuration::get('PS_TIMEZONE', null, null, $idShop);
        try {
            return new \DateTimeZone($name);
        } catch (\Exception $error) {
            return new \DateTimeZone(date_default_timezone_get());
        }
    }
}
