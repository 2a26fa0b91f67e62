<?php

namespace Wordmouth\Shop;

/**
 * What the module does on the pages of the front office, and what their hooks are about.
 */
final class Pages
{
    const CHECKOUT = ['order', 'order-opc', 'orderopc', 'cart'];

    /**
     * Put the friend's code into the cart, and keep the visit of whoever is about to pay.
     *
     * @param \Context $context
     */
    public static function prepare($context)
    {
        CartCoupon::apply($context);
        if (isset($context->cart->id) && $context->cart->id && self::isCheckout($context->controller)) {
            Visit::keep((int) $context->cart->id);
        }
    }

    /**
     * The order that a hook is about; each kind of hook names it in its own way.
     *
     * @param array $params
     * @param string $from order, id_order, object (the order itself) or part (something of it)
     *
     * @return \Order|null
     */
    public static function orderOf(array $params, $from)
    {
        if ($from === 'order' || $from === 'object') {
            $order = isset($params[$from]) ? $params[$from] : null;
        } else {
            $holder = $from === 'part' ? (array) (isset($params['object']) ? $params['object'] : []) : $params;
            $order = isset($holder['id_order']) ? new \Order((int) $holder['id_order']) : null;
        }

        return \Validate::isLoadedObject($order) ? $order : null;
    }

    /** The pages of payment services are controllers of modules. */
    private static function isCheckout($controller)
    {
        $name = isset($controller->php_self) ? (string) $controller->php_self : '';

        return in_array($name, self::CHECKOUT, true) || $controller instanceof \ModuleFrontController;
    }
}
