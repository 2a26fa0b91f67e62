<?php

namespace Wordmouth\Shop;

/**
 * The link by which a customer whom the shop knows becomes an advocate.
 */
final class Invitation
{
    /**
     * The link; it proves who the customer is for 24 hours, so show it only to them.
     *
     * @param Settings $settings
     * @param \Customer $customer
     * @param int $idLang whose language they read
     *
     * @return string empty if the shop is not connected, has no slug, or knows no address
     */
    public static function url(Settings $settings, $customer, $idLang)
    {
        if (!$settings->isConnected() || $settings->storeSlug === '') {
            return '';
        }
        if (!\Validate::isLoadedObject($customer) || !$customer->email) {
            return '';
        }
        $claims = Snapshots::person($customer, $idLang) + ['iat' => time()];
        $keys = $settings->keys();
        $token = Signing::customerToken($keys[0], $claims);

        return $settings->url . '/s/' . rawurlencode($settings->storeSlug) . '/join?customer=' . $token;
    }
}
