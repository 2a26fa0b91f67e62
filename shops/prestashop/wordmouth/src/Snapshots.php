<?php

namespace Wordmouth\Shop;

/**
 * The shop's orders, customers and products in the engine's generic format, as they are now.
 */
final class Snapshots
{
    /** The longest texts that the engine takes. */
    const NAME = 120;
    const LONG_NAME = 300;
    const CATEGORY = 200;

    /**
     * The body of a delivery; null if the thing is gone or is nobody's business.
     *
     * `updated_at` is the moment before reading: a change that is stored while it is read is
     * told once more, later, with a later moment.
     *
     * @param string $kind
     * @param int $id
     * @param Settings $settings
     *
     * @return array|null
     */
    public static function build($kind, $id, Settings $settings)
    {
        $readAt = Moment::now();
        if ($kind === Outbox::ORDER) {
            $data = OrderSnapshot::of($id, $settings);
        } elseif ($kind === Outbox::CUSTOMER) {
            $data = self::customer($id);
        } else {
            $data = self::product($id, $settings);
        }
        if ($data === null) {
            return null;
        }
        $data['updated_at'] = $readAt;

        return ['type' => $kind . '.snapshot', 'timestamp' => $readAt, 'data' => $data];
    }

    /**
     * Who somebody is. A guest has no id: the shop makes a new customer for each of their orders.
     *
     * @param \Customer $customer
     * @param int $idLang whose language they read
     *
     * @return array
     */
    public static function person($customer, $idLang)
    {
        return [
            'id' => $customer->is_guest ? null : (string) $customer->id,
            'email' => (string) $customer->email ?: null,
            'first_name' => Text::cut($customer->firstname, self::NAME),
            'last_name' => Text::cut($customer->lastname, self::NAME),
            'locale' => self::locale($idLang),
        ];
    }

    /**
     * @param int $idLang
     *
     * @return string|null such as "et"
     */
    public static function locale($idLang)
    {
        $iso = (string) \Language::getIsoById((int) $idLang);

        return $iso === '' ? null : Text::cut($iso, 12);
    }

    private static function customer($id)
    {
        $customer = new \Customer($id);
        if (!\Validate::isLoadedObject($customer) || $customer->deleted || $customer->is_guest) {
            return null;
        }
        if (!$customer->active || !$customer->email) {
            return null;
        }
        $idLang = isset($customer->id_lang) ? (int) $customer->id_lang : 0;

        return self::person($customer, $idLang)
            + ['created_at' => Moment::utc($customer->date_add, (int) $customer->id_shop)];
    }

    private static function product($id, Settings $settings)
    {
        $idLang = (int) \Configuration::get('PS_LANG_DEFAULT');
        $product = new \Product($id, false, $idLang, $settings->idShop);
        if (!\Validate::isLoadedObject($product)) {
            return null;
        }
        $currency = new \Currency((int) \Configuration::get('PS_CURRENCY_DEFAULT'));
        $link = Shops::link();
        $cover = \Product::getCover($id);
        $image = $cover ? $link->getImageLink($product->link_rewrite, $id . '-' . $cover['id_image']) : null;

        return [
            'id' => (string) $id,
            'sku' => Text::cut($product->reference, self::NAME),
            'name' => Text::cut($product->name, self::LONG_NAME),
            'category' => self::category((int) $product->id_category_default, $idLang),
            'url' => $link->getProductLink($product),
            'image_url' => $image === null ? null : self::whole($image),
            'currency' => $currency->iso_code,
            'price' => max(0, Money::minor($product->price, $currency->iso_code)),
            'is_active' => (bool) $product->active,
        ];
    }

    /**
     * @param int $id
     * @param int $idLang
     *
     * @return string|null the name of a category
     */
    public static function category($id, $idLang)
    {
        $category = new \Category($id, $idLang);
        if (!\Validate::isLoadedObject($category)) {
            return null;
        }

        return Text::cut($category->name, self::CATEGORY);
    }

    /** Older shops give the address of a picture without a protocol. */
    private static function whole($address)
    {
        if (strpos($address, '://') !== false) {
            return $address;
        }
        $protocol = \Configuration::get('PS_SSL_ENABLED') ? 'https://' : 'http://';

        return $protocol . ltrim($address, '/');
    }
}
