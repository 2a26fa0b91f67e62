<?php

namespace Wordmouth\Shop;

/**
 * The engine's coupons in this shop: issue, look up, revoke. Each may be repeated.
 *
 * A coupon is written down in a table of this module, where its code is unique, before its cart
 * rule is made. Whoever makes or ends the rule holds a lease on that row. So a request that
 * crashed, hung or came twice leaves one cart rule, though the shop itself would take two.
 */
final class Coupons
{
    const LEASE = 60;

    /**
     * Make the coupon, or answer with the one that was made for the same terms.
     *
     * @param CouponTerms $terms
     *
     * @return array its state
     *
     * @throws Problem 409 if the code is taken by other terms or by a rule of the shop's own,
     *                 503 while another request is at it
     */
    public static function issue(CouponTerms $terms)
    {
        $isNew = self::write($terms);
        $coupon = self::find($terms->code);
        self::compare($coupon, $terms);
        if ($coupon['id_cart_rule'] || $coupon['revoked_at']) {
            return self::state($coupon);
        }
        $fence = self::lease($coupon);
        try {
            self::makeOnce($coupon, $fence, $terms, $isNew);
        } catch (\Throwable $error) {
            self::release($coupon, $fence, 'usage_limit = usage_limit');
            throw $error;
        }

        return self::state(self::find($terms->code));
    }

    /**
     * @param string $code
     *
     * @return array the coupon's state
     *
     * @throws Problem 404 if the engine has no coupon of this code here
     */
    public static function lookup($code)
    {
        $coupon = self::find($code);
        if ($coupon === null || (!$coupon['id_cart_rule'] && !$coupon['revoked_at'])) {
            throw self::unknown($code);
        }

        return self::state($coupon);
    }

    /**
     * End a coupon's life; one that was used up stays used.
     *
     * @param string $code
     *
     * @return array its state after that
     *
     * @throws Problem 404 if the engine has no coupon of this code here, 503 while another
     *                 request is at it
     */
    public static function revoke($code)
    {
        $coupon = self::find($code);
        if ($coupon === null) {
            throw self::unknown($code);
        }
        $before = self::state($coupon);
        if ($before['state'] === 'used' || $coupon['revoked_at']) {
            return $before;
        }
        $fence = self::lease($coupon);
        // A request that crashed may have made the rule and not written that down.
        $id = (int) $coupon['id_cart_rule'] ?: CartRules::find($code);
        if ($id && !$coupon['id_cart_rule'] && !CartRules::isOurs($id)) {
            $id = 0;
        }
        if ($id) {
            CartRules::end($id);
        }
        self::release($coupon, $fence, "id_cart_rule = $id, revoked_at = " . time());

        return self::state(self::find($code));
    }

    /** Make the cart rule, or take over the one that a crashed request has made. */
    private static function makeOnce(array $coupon, $fence, CouponTerms $terms, $isNew)
    {
        $known = CartRules::find($terms->code);
        if ($known && !CartRules::isOurs($known)) {
            if ($isNew) {
                Sql::run('DELETE FROM ' . Sql::table(Tables::COUPON) . ' WHERE ' . self::same($coupon));
            }
            $detail = "the shop has a voucher {$terms->code} of its own";
            throw new Problem(409, 'code_taken', $detail);
        }
        $id = $known ?: CartRules::make($terms);
        self::release($coupon, $fence, "id_cart_rule = $id");
        // If the lease had run out, somebody else has done the same meanwhile, or has revoked it:
        // what stands in the row is the one coupon. Where nothing stands yet, they look after us.
        $settled = self::find($terms->code);
        if ($settled && ($settled['id_cart_rule'] || $settled['revoked_at'])) {
            CartRules::removeOthers($terms->code, (int) $settled['id_cart_rule']);
        }
    }

    private static function unknown($code)
    {
        return new Problem(404, 'coupon_not_found', "no coupon $code was issued by this shop");
    }

    private static function write(CouponTerms $terms)
    {
        return (bool) Sql::run(
            'INSERT IGNORE INTO ' . Sql::table(Tables::COUPON) . ' (code, terms, usage_limit) VALUES ('
            . Sql::text($terms->code, 64) . ', '
            . Sql::text(Text::json($terms->comparable()), 2000) . ', ' . (int) $terms->usageLimit . ')'
        );
    }

    private static function find($code)
    {
        return Sql::row(
            'SELECT * FROM ' . Sql::table(Tables::COUPON) . ' WHERE code = ' . Sql::text($code, 64)
        );
    }

    private static function compare(array $coupon, CouponTerms $terms)
    {
        $issued = json_decode($coupon['terms'], true);
        $others = [];
        foreach ($terms->comparable() as $name => $value) {
            if (!array_key_exists($name, $issued) || $issued[$name] !== $value) {
                $others[] = $name;
            }
        }
        if ($others) {
            $detail = $terms->code . ' was issued with another ' . implode(', ', $others);
            throw new Problem(409, 'terms_differ', $detail);
        }
    }

    /** Have the coupon to oneself for a minute; what is given proves it later. */
    private static function lease(array $coupon)
    {
        $now = time();
        $fence = (int) $coupon['fence'] + 1;
        $taken = Sql::run(
            'UPDATE ' . Sql::table(Tables::COUPON) . " SET fence = $fence, leased_until = "
            . ($now + self::LEASE) . ' WHERE ' . self::same($coupon)
            . ' AND fence = ' . (int) $coupon['fence'] . " AND leased_until <= $now"
        );
        if (!$taken) {
            throw new Problem(503, 'busy', 'another request is at this coupon; ask again');
        }

        return $fence;
    }

    private static function release(array $coupon, $fence, $change)
    {
        return (bool) Sql::run(
            'UPDATE ' . Sql::table(Tables::COUPON) . " SET $change, leased_until = 0 WHERE "
            . self::same($coupon) . " AND fence = $fence"
        );
    }

    private static function same(array $coupon)
    {
        return 'id_wordmouth_coupon = ' . (int) $coupon['id_wordmouth_coupon'];
    }

    private static function state(array $coupon)
    {
        $id = (int) $coupon['id_cart_rule'];
        $used = $id ? self::timesUsed($id) : 0;
        $rule = new \CartRule($id);
        $isThere = $id && \Validate::isLoadedObject($rule);
        if ($coupon['usage_limit'] && $used >= $coupon['usage_limit']) {
            $state = 'used';
        } elseif ($coupon['revoked_at'] || !$isThere || !$rule->active || (int) $rule->quantity <= 0) {
            $state = 'revoked';
        } elseif ($rule->date_to < Moment::inShop(time())) {
            $state = 'expired';
        } else {
            $state = 'active';
        }

        return [
            'code' => $coupon['code'],
            'state' => $state,
            'times_used' => $used,
            'reference' => $id ? "cart_rule/$id" : '',
        ];
    }

    /** By how many orders; a split order is several orders of one cart, and one use. */
    private static function timesUsed($id)
    {
        $rows = Sql::rows(
            'SELECT used.*, placed.id_cart FROM ' . Sql::table('order_cart_rule') . ' used'
            . ' JOIN ' . Sql::table('orders') . ' placed ON placed.id_order = used.id_order'
            . " WHERE used.id_cart_rule = $id"
        );
        $carts = [];
        foreach ($rows as $row) {
            if (empty($row['deleted'])) {
                $carts[(int) $row['id_cart']] = true;
            }
        }

        return count($carts);
    }
}
