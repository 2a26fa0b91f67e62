<?php

namespace Wordmouth\Shop;

/**
 * What thirty bees and the versions of PrestaShop do each in their own way.
 */
final class Shops
{
    /**
     * The shop that is being visited, or the installation's default where none is.
     *
     * @return int
     */
    public static function current()
    {
        $context = \Context::getContext();
        if (isset($context->shop->id) && $context->shop->id) {
            return (int) $context->shop->id;
        }

        return (int) \Configuration::get('PS_SHOP_DEFAULT');
    }

    /**
     * The order that a confirmation page shows: `order` since PrestaShop 1.7, `objOrder` before
     * and in thirty bees.
     *
     * @param array $params of the hook displayOrderConfirmation
     *
     * @return \Order|null
     */
    public static function confirmedOrder(array $params)
    {
        foreach (['order', 'objOrder'] as $name) {
            if (isset($params[$name]) && \Validate::isLoadedObject($params[$name])) {
                return $params[$name];
            }
        }

        return null;
    }

    /**
     * Whether pages are built as since PrestaShop 1.7; thirty bees calls itself 1.6.
     *
     * @return bool
     */
    public static function isModern()
    {
        return version_compare(_PS_VERSION_, '1.7', '>=');
    }

    /**
     * Whether customers see prices with tax: then amounts of coupons are meant with tax too.
     *
     * @return bool
     */
    public static function showsTax()
    {
        $group = (int) \Configuration::get('PS_CUSTOMER_GROUP');
        // 0 stands for prices with tax, PS_TAX_INC; PrestaShop 1.7 has no such constant early on.
        $withTax = (int) \Group::getPriceDisplayMethod($group) === 0;

        return \Configuration::get('PS_TAX') && $withTax;
    }

    /**
     * Makes addresses of pages and pictures; the command line has none ready.
     *
     * @return \Link
     */
    public static function link()
    {
        $context = \Context::getContext();

        return isset($context->link) ? $context->link : new \Link();
    }

    /**
     * End the answer, so that nobody waits for what follows.
     *
     * @return bool false where the server cannot: then what follows must not take time
     */
    public static function finishAnswer()
    {
        foreach (['fastcgi_finish_request', 'litespeed_finish_request'] as $finish) {
            if (function_exists($finish)) {
                // The session's lock would hold up the customer's next page.
                if (session_status() === PHP_SESSION_ACTIVE) {
                    session_write_close();
                }
                $finish();

                return true;
            }
        }

        return false;
    }

    /**
     * Write an error to the shop's own log, for the merchant to see. Where that fails too, to the
     * server's: nothing of it may stop the shop.
     *
     * @param \Throwable $error
     * @param string $while what was being done
     */
    public static function log($error, $while)
    {
        $words = 'Wordmouth, ' . $while . ': ' . $error->getMessage();
        // The shop refuses log entries with signs that look like code.
        $plain = preg_replace('/[<>{}]/', ' ', Text::storable($words, 500));
        try {
            \PrestaShopLogger::addLog($plain, 3);
        } catch (\Throwable $second) {
            error_log($plain . '; ' . $second->getMessage());
        }
    }
}
