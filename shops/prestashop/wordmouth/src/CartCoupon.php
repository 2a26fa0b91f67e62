<?php

namespace Wordmouth\Shop;

/**
 * Puts the friend's code into the cart, so that nobody has to type it.
 */
final class CartCoupon
{
    /**
     * Put the code of this visit into the cart if the shop takes it now; otherwise it is tried
     * again on the next page, as the cart may be too small for it yet.
     *
     * @param \Context $context
     */
    public static function apply($context)
    {
        $code = Visit::coupon();
        $cart = isset($context->cart) ? $context->cart : null;
        if ($code === '' || !$cart || !$cart->id || !$cart->nbProducts()) {
            return;
        }
        $id = (int) \CartRule::getIdByCode($code);
        $rule = new \CartRule($id);
        if (!$id || !\Validate::isLoadedObject($rule) || !$rule->active || self::isOver($rule)) {
            Visit::forgetCoupon();

            return;
        }
        foreach ($cart->getCartRules() as $present) {
            if ((int) $present['id_cart_rule'] === $id) {
                Visit::forgetCoupon();

                return;
            }
        }
        // Asked not to say why, the shop answers true or false; else nothing, or the words.
        if ($rule->checkValidity($context, false, false) && $cart->addCartRule($id)) {
            Visit::forgetCoupon();
        }
    }

    private static function isOver($rule)
    {
        return (int) $rule->quantity <= 0 || strtotime($rule->date_to) < time();
    }
}
