<?php

namespace Wordmouth\Shop;

/**
 * An order, whole, as it is now.
 *
 * Amounts of items, discount and shipping are without tax and `tax` stands beside them, so that
 * items - discount + shipping + wrapping + tax is what the customer pays, and the value an offer
 * looks at (items - discount) is free of tax and shipping.
 */
final class OrderSnapshot
{
    /**
     * @param int $id
     * @param Settings $settings
     *
     * @return array|null null if there is no such order
     */
    public static function of($id, Settings $settings)
    {
        $order = new \Order($id);
        if (!\Validate::isLoadedObject($order)) {
            return null;
        }
        $currency = self::currency($order);
        $visit = Visit::ofCart((int) $order->id_cart);

        return [
            // Not the reference: the parts of an order that was split over carriers share it.
            'id' => (string) $id,
            'number' => Text::cut($order->reference, Snapshots::NAME),
            'placed_at' => Moment::utc($order->date_add, (int) $order->id_shop),
        ] + OrderFacts::of($order, $settings) + [
            'currency' => $currency,
            'totals' => self::totals($order, $currency),
            'customer' => self::customer($order),
            'discount_codes' => self::codes($id),
            'lines' => self::lines($order, $currency),
            'refunds' => Refunds::of($order, $currency),
            'shipping_address' => ['country' => self::country($order)],
            'client' => ['ip' => $visit['ip'] ?: null, 'user_agent' => $visit['user_agent'] ?: null],
            'attribution' => ['token' => $visit['token'] ?: null, 'code' => null],
            'is_test' => $settings->isTest,
        ];
    }

    private static function currency($order)
    {
        return (new \Currency((int) $order->id_currency))->iso_code;
    }

    private static function totals($order, $currency)
    {
        $of = function ($amount) use ($currency) {
            return max(0, Money::minor($amount, $currency));
        };
        $discount = $of($order->total_discounts_tax_excl);
        $shipping = $of($order->total_shipping_tax_excl);
        // The shop counts shipping that a coupon makes free among the discounts.
        $freed = min($shipping, $discount, self::freedByCoupons((int) $order->id, $of));
        $grand = $of($order->total_paid_tax_incl);

        return [
            'items' => $of($order->total_products),
            'discount' => $discount - $freed,
            'shipping' => $shipping - $freed,
            'wrapping' => $of($order->total_wrapping_tax_excl),
            'tax' => max(0, $grand - $of($order->total_paid_tax_excl)),
            'grand' => $grand,
        ];
    }

    private static function freedByCoupons($id, $of)
    {
        $freed = 0;
        foreach (self::rules($id) as $rule) {
            if ($rule['free_shipping']) {
                $freed += $of($rule['value_tax_excl']);
            }
        }

        return $freed;
    }

    /** The coupons of an order. Those that staff took off again stay there, marked, since 1.7.7. */
    private static function rules($id)
    {
        $rules = Sql::rows(
            'SELECT used.*, rule.code AS rule_code, ours.code AS our_code'
            . ' FROM ' . Sql::table('order_cart_rule') . ' used'
            . ' LEFT JOIN ' . Sql::table('cart_rule') . ' rule ON rule.id_cart_rule = used.id_cart_rule'
            . ' LEFT JOIN ' . Sql::table(Tables::COUPON) . ' ours'
            . ' ON ours.id_cart_rule = used.id_cart_rule'
            . ' WHERE used.id_order = ' . (int) $id . ' ORDER BY used.id_order_cart_rule'
        );

        return array_filter($rules, function ($rule) {
            return empty($rule['deleted']);
        });
    }

    private static function codes($id)
    {
        $codes = [];
        foreach (self::rules($id) as $rule) {
            // A rule that was deleted left no code; of ours we know it.
            $code = $rule['rule_code'] ?: $rule['our_code'];
            if ($code) {
                $codes[] = Text::cut($code, Snapshots::NAME);
            }
        }

        return array_slice(array_values(array_unique($codes)), 0, 50);
    }

    private static function customer($order)
    {
        $customer = new \Customer((int) $order->id_customer);
        if (!\Validate::isLoadedObject($customer)) {
            return null;
        }

        return Snapshots::person($customer, (int) $order->id_lang);
    }

    private static function lines($order, $currency)
    {
        $rows = Sql::rows(
            'SELECT detail.*, product.id_category_default FROM ' . Sql::table('order_detail') . ' detail'
            . ' LEFT JOIN ' . Sql::table('product') . ' product'
            . ' ON product.id_product = detail.product_id'
            . ' WHERE detail.id_order = ' . (int) $order->id . ' ORDER BY detail.id_order_detail'
        );

        return array_map(function ($row) use ($order, $currency) {
            $category = (int) $row['id_category_default'];

            return [
                'id' => (string) $row['id_order_detail'],
                'product_id' => (string) $row['product_id'],
                'sku' => Text::cut($row['product_reference'], Snapshots::NAME),
                'name' => Text::cut($row['product_name'], Snapshots::LONG_NAME),
                'category' => $category ? Snapshots::category($category, (int) $order->id_lang) : null,
                'quantity' => (int) $row['product_quantity'],
                'unit_price' => max(0, Money::minor($row['unit_price_tax_excl'], $currency)),
                'total' => max(0, Money::minor($row['total_price_tax_excl'], $currency)),
            ];
        }, $rows);
    }

    private static function country($order)
    {
        $address = new \Address((int) $order->id_address_delivery);

        return (string) \Country::getIsoById((int) $address->id_country) ?: null;
    }
}
