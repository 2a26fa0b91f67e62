<?php

namespace Wordmouth\Shop;

/**
 * Cart rules, as the shop calls its coupons: made, found and ended for the engine.
 */
final class CartRules
{
    /** Ends the description of each rule that this module made. */
    const OURS = '[wordmouth]';
    const NEVER = '2099-12-31 23:59:59';
    const LONGEST_NAME = 254;

    /**
     * The number of the rule with this code; 0 if there is none. The shop takes a code any number
     * of times, so this is asked before one is made.
     *
     * @param string $code
     *
     * @return int
     */
    public static function find($code)
    {
        return (int) Sql::value(
            'SELECT id_cart_rule FROM ' . Sql::table('cart_rule') . ' WHERE code = '
            . Sql::text($code, 254) . ' ORDER BY id_cart_rule'
        );
    }

    /**
     * Whether this module made the rule; else staff or another module did.
     *
     * @param int $id
     *
     * @return bool
     */
    public static function isOurs($id)
    {
        $described = (string) (new \CartRule($id))->description;

        return substr($described, -strlen(self::OURS)) === self::OURS;
    }

    /**
     * Make the rule.
     *
     * @param CouponTerms $terms
     *
     * @return int its number
     *
     * @throws \RuntimeException if the shop refuses it
     */
    public static function make(CouponTerms $terms)
    {
        $rule = new \CartRule();
        $told = Text::storable($terms->description, self::LONGEST_NAME);
        $wording = trim(preg_replace('/[<>={}]/', ' ', $told)) ?: 'Referral reward';
        $rule->name = [];
        foreach (\Language::getLanguages(false) as $language) {
            $rule->name[(int) $language['id_lang']] = $wording;
        }
        $rule->description = $wording . ' ' . self::OURS;
        $rule->code = $terms->code;
        // A minute ago: the database may stand on another machine with another clock.
        $rule->date_from = Moment::inShop(time() - 60);
        // The shop still takes a rule in the second in which it ends.
        $rule->date_to = $terms->expiresAt === null ? self::NEVER : Moment::inShop($terms->expiresAt - 1);
        $rule->quantity = $terms->usageLimit ?: CouponTerms::HIGHEST_COUNT;
        $rule->quantity_per_user = $rule->quantity;
        $rule->id_customer = $terms->idCustomer;
        $rule->priority = 1;
        // Else the shop makes a new coupon of what is left over.
        $rule->partial_use = 0;
        $rule->highlight = 0;
        $rule->active = 1;
        self::limit($rule, $terms);
        self::promise($rule, $terms);
        if (!$rule->add()) {
            throw new \RuntimeException('the shop did not store the cart rule');
        }

        return (int) $rule->id;
    }

    /**
     * End a rule: nobody can use it from now on.
     *
     * Not deleted: the orders that used it would no longer know its code.
     *
     * @param int $id
     */
    public static function end($id)
    {
        $rule = new \CartRule($id);
        if (\Validate::isLoadedObject($rule)) {
            $rule->active = 0;
            if (!$rule->update()) {
                throw new \RuntimeException('the shop did not store the cart rule');
            }
        }
    }

    /**
     * Take away the rules of this module with a code, but for one: they were told to nobody.
     *
     * @param string $code
     * @param int $keep 0: none
     */
    public static function removeOthers($code, $keep)
    {
        $rows = Sql::rows(
            'SELECT id_cart_rule FROM ' . Sql::table('cart_rule') . ' WHERE code = '
            . Sql::text($code, 254) . ' AND id_cart_rule <> ' . (int) $keep
        );
        foreach ($rows as $row) {
            if (self::isOurs((int) $row['id_cart_rule'])) {
                (new \CartRule((int) $row['id_cart_rule']))->delete();
            }
        }
    }

    private static function limit($rule, CouponTerms $terms)
    {
        $rule->minimum_amount = 0;
        $rule->minimum_amount_currency = 0;
        $rule->minimum_amount_tax = 0;
        $rule->minimum_amount_shipping = 0;
        if ($terms->minOrder) {
            $rule->minimum_amount = Money::amount($terms->minOrder, $terms->currency);
            $rule->minimum_amount_currency = $terms->idCurrency();
            $rule->minimum_amount_tax = (int) Shops::showsTax();
        }
    }

    private static function promise($rule, CouponTerms $terms)
    {
        if ($terms->kind === CouponTerms::PERCENT_OFF) {
            $rule->reduction_percent = $terms->value;
        } elseif ($terms->kind === CouponTerms::AMOUNT_OFF) {
            $rule->reduction_amount = Money::amount($terms->value, $terms->currency);
            $rule->reduction_currency = $terms->idCurrency();
            $rule->reduction_tax = (int) Shops::showsTax();
        } elseif ($terms->kind === CouponTerms::FREE_SHIPPING) {
            $rule->free_shipping = 1;
        } else {
            $rule->gift_product = $terms->idProduct;
            // A product in several makes can be given only in one of them.
            $rule->gift_product_attribute = (int) \Product::getDefaultAttribute($terms->idProduct);
        }
    }
}
