<?php

namespace Wordmouth\Shop;

/**
 * The visit from a friend's link: kept in cookies, and beside the cart that is being paid for.
 */
final class Visit
{
    const TOKEN_COOKIE = 'wordmouth_wm';
    const COUPON_COOKIE = 'wordmouth_coupon';
    const DAY = 86400;
    const TOKEN = '/^[A-Za-z0-9._~-]{1,1024}$/D';
    const COUPON = '/^[A-Za-z0-9_-]{1,64}$/D';

    /**
     * Keep what the address of this page brings: the first friend's token, the newest code.
     *
     * @param Settings $settings
     */
    public static function remember(Settings $settings)
    {
        $token = self::given($_GET, 'wm', self::TOKEN);
        if ($token !== '' && self::token() === '') {
            self::setCookie(self::TOKEN_COOKIE, $token, $settings->cookieDays * self::DAY);
        }
        $code = strtoupper(self::given($_GET, 'coupon', self::COUPON));
        if ($code !== '' && $code !== self::coupon()) {
            self::setCookie(self::COUPON_COOKIE, $code, $settings->cookieDays * self::DAY);
        }
    }

    /**
     * The token of the friend who brought this visitor first; empty if nobody did.
     *
     * @return string
     */
    public static function token()
    {
        return self::given($_COOKIE, self::TOKEN_COOKIE, self::TOKEN);
    }

    /**
     * The code that is to be put into the cart; empty if there is none.
     *
     * @return string
     */
    public static function coupon()
    {
        return strtoupper(self::given($_COOKIE, self::COUPON_COOKIE, self::COUPON));
    }

    /**
     * The code is in the cart, or never will be.
     */
    public static function forgetCoupon()
    {
        self::setCookie(self::COUPON_COOKIE, '', -self::DAY);
    }

    /**
     * Keep the visit beside a cart, as long as the cart is no order.
     *
     * @param int $idCart
     */
    public static function keep($idCart)
    {
        $user = isset($_SERVER['HTTP_USER_AGENT']) ? $_SERVER['HTTP_USER_AGENT'] : '';
        $values = [
            'token' => Sql::text(self::token(), 1024),
            'ip' => Sql::text(\Tools::getRemoteAddr(), 64),
            'user_agent' => Sql::text($user, 500),
            'seen_at' => time(),
        ];
        $table = Sql::table(Tables::VISIT);
        Sql::run(
            "INSERT IGNORE INTO $table (id_cart, " . implode(', ', array_keys($values)) . ')'
            . ' VALUES (' . (int) $idCart . ', ' . implode(', ', $values) . ')'
        );
        $pairs = [];
        foreach ($values as $name => $value) {
            $pairs[] = "$name = $value";
        }
        Sql::run(
            "UPDATE $table SET " . implode(', ', $pairs) . ' WHERE id_cart = ' . (int) $idCart
            . ' AND NOT EXISTS (SELECT 1 FROM ' . Sql::table('orders') . ' placed'
            . ' WHERE placed.id_cart = ' . (int) $idCart . ')'
        );
    }

    /**
     * Where a page without checkout places the order: keep what this request brings, if nothing
     * was kept before. A payment service's own request brings nothing and is not kept.
     *
     * @param int $idCart
     */
    public static function keepLate($idCart)
    {
        $known = Sql::value(
            'SELECT id_cart FROM ' . Sql::table(Tables::VISIT) . ' WHERE id_cart = ' . (int) $idCart
        );
        if (!$known && self::token() !== '') {
            Sql::run(
                'INSERT IGNORE INTO ' . Sql::table(Tables::VISIT) . ' (id_cart, token, seen_at)'
                . ' VALUES (' . (int) $idCart . ', ' . Sql::text(self::token(), 1024) . ', ' . time() . ')'
            );
        }
    }

    /**
     * What was kept beside the cart of an order; empty texts for what was not.
     *
     * @param int $idCart
     *
     * @return string[] token, ip, user_agent
     */
    public static function ofCart($idCart)
    {
        $row = Sql::row(
            'SELECT token, ip, user_agent FROM ' . Sql::table(Tables::VISIT)
            . ' WHERE id_cart = ' . (int) $idCart
        );

        return $row ?: ['token' => '', 'ip' => '', 'user_agent' => ''];
    }

    /**
     * Forget the visits of carts that never became an order; of the others keep only the token,
     * which names nobody, and not whose address and browser it was.
     *
     * @param int $days
     */
    public static function forgetOld($days)
    {
        $table = Sql::table(Tables::VISIT);
        $isOld = 'seen_at < ' . (time() - $days * self::DAY);
        Sql::run("UPDATE $table SET ip = '', user_agent = '' WHERE $isOld AND ip <> ''");
        Sql::run(
            "DELETE FROM $table WHERE $isOld"
            . ' AND id_cart NOT IN (SELECT id_cart FROM ' . Sql::table('orders') . ')'
        );
    }

    private static function given(array $from, $name, $form)
    {
        $value = isset($from[$name]) ? $from[$name] : '';

        return is_string($value) && preg_match($form, $value) ? $value : '';
    }

    private static function setCookie($name, $value, $seconds)
    {
        // This request goes on with what it has just been told.
        $_COOKIE[$name] = $value;
        if (headers_sent()) {
            return;
        }
        // By hand: setcookie() takes SameSite only since PHP 7.3.
        $secure = \Tools::usingSecureMode() ? '; Secure' : '';
        $until = gmdate('D, d M Y H:i:s', time() + $seconds) . ' GMT';
        header(
            "Set-Cookie: $name=$value; Expires=$until; Max-Age=" . max(0, $seconds)
            . "; Path=/; HttpOnly; SameSite=Lax$secure",
            false
        );
    }
}
