<?php

namespace Wordmouth\Shop;

/**
 * What the merchant has entered, for one shop of the installation.
 */
final class Settings
{
    const DEFAULT_COOKIE_DAYS = 90;

    /** @var int */
    public $idShop;
    /** @var string address of the engine, without a slash at its end; empty: not entered */
    public $url;
    /** @var string the store's id at the engine, `str_...` */
    public $storeId;
    /** @var string the store's slug at the engine; without it no invitation is shown */
    public $storeSlug;
    /** @var string[] secrets (`whsec_...`); the first one signs, all of them may verify */
    public $secrets;
    /** @var bool whether the orders of this shop are not real */
    public $isTest;
    /** @var bool whether products are told */
    public $tellsProducts;
    /** @var bool whether the widget is shown */
    public $showsWidget;
    /** @var int how many days a visit from a friend's link is remembered */
    public $cookieDays;

    /**
     * The settings of a shop; null: of the shop that is being visited.
     *
     * @param int|null $idShop
     *
     * @return Settings
     */
    public static function of($idShop = null)
    {
        $read = function ($name) use ($idShop) {
            return trim((string) \Configuration::get('WORDMOUTH_' . $name, null, null, $idShop));
        };
        $settings = new self();
        $settings->idShop = $idShop === null ? Shops::current() : (int) $idShop;
        $settings->url = rtrim($read('URL'), '/');
        $settings->storeId = $read('STORE_ID');
        $settings->storeSlug = $read('STORE_SLUG');
        $settings->secrets = preg_split('/\s+/', $read('SECRET'), -1, PREG_SPLIT_NO_EMPTY);
        $settings->isTest = $read('TEST') === '1';
        $settings->tellsProducts = $read('PRODUCTS') !== '0';
        $settings->showsWidget = $read('WIDGET') !== '0';
        $settings->cookieDays = (int) $read('COOKIE_DAYS') ?: self::DEFAULT_COOKIE_DAYS;

        return $settings;
    }

    /**
     * Whether address, store and secret are all there; if not, the module does nothing.
     *
     * @return bool
     */
    public function isConnected()
    {
        return $this->url !== '' && $this->storeId !== '' && $this->keys() !== [];
    }

    /**
     * The keys inside the secrets, the one that signs first. A malformed secret has none.
     *
     * @return string[]
     */
    public function keys()
    {
        return array_values(array_filter(array_map([Signing::class, 'key'], $this->secrets)));
    }

    /**
     * Where snapshots are sent.
     *
     * @return string
     */
    public function deliveriesUrl()
    {
        return $this->url . '/in/' . rawurlencode($this->storeId) . '/prestashop';
    }

    /**
     * The order states that mean `DELIVERED`, `CANCELLED` or `CHARGED_BACK` in this shop.
     *
     * What the merchant chose; until then the states that the shop itself came with. Their
     * numbers differ between thirty bees and PrestaShop, so they are asked for by name.
     *
     * @param string $meaning
     *
     * @return int[]
     */
    public function states($meaning)
    {
        $chosen = \Configuration::get('WORDMOUTH_STATES_' . $meaning, null, null, $this->idShop);
        if ($chosen === false || $chosen === null) {
            $own = [
                'DELIVERED' => ['PS_OS_DELIVERED'],
                'CANCELLED' => ['PS_OS_CANCELED', 'PS_OS_REFUND', 'PS_OS_ERROR'],
                'CHARGED_BACK' => [],
            ];
            $ids = array_map(['\Configuration', 'get'], $own[$meaning]);
        } else {
            $ids = explode(',', (string) $chosen);
        }

        return array_values(array_filter(array_map('intval', $ids)));
    }
}
