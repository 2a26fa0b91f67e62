<?php

namespace Wordmouth\Shop;

/**
 * The money that went back: the shop's order slips, each once by its number.
 */
final class Refunds
{
    /** The type of a slip whose amount staff chose; before 1.6.1 there were no types. */
    const CHOSEN = 2;

    /**
     * @param \Order $order
     * @param string $currency
     *
     * @return array[] as the generic format has refunds
     */
    public static function of($order, $currency)
    {
        $slips = Sql::rows(
            'SELECT * FROM ' . Sql::table('order_slip') . ' WHERE id_order = ' . (int) $order->id
            . ' ORDER BY id_order_slip'
        );
        $refunds = [];
        foreach ($slips as $slip) {
            $amount = self::amount($slip, $currency);
            if ($amount > 0) {
                $refunds[] = [
                    'id' => 'slip-' . $slip['id_order_slip'],
                    'amount' => $amount,
                    'at' => Moment::utc($slip['date_add'], (int) $order->id_shop),
                    'lines' => self::lines((int) $slip['id_order_slip'], $currency),
                ];
            }
        }

        return $refunds;
    }

    /**
     * What was given back, with tax.
     *
     * Of `amount` only those who made the slip know whether tax is in it: that depends on how
     * prices are shown to the customer. The totals say it, where the shop has them.
     */
    private static function amount(array $slip, $currency)
    {
        $goods = self::minor($slip, 'total_products_tax_incl', $currency);
        $shipping = self::minor($slip, 'total_shipping_tax_incl', $currency);
        $amount = self::minor($slip, 'amount', $currency);
        if ($goods + $shipping === 0) {
            // Slips from before 1.6.1 have no totals, or empty ones since the shop was upgraded.
            return $amount + self::minor($slip, 'shipping_cost_amount', $currency);
        }
        $plain = [$goods, self::minor($slip, 'total_products_tax_excl', $currency)];
        if ((int) $slip['order_slip_type'] === self::CHOSEN && !in_array($amount, $plain, true)) {
            $goods = $amount;
        }

        return $goods + $shipping;
    }

    /** Which lines went back; by quantity where that is all there is to say. */
    private static function lines($slip, $currency)
    {
        $rows = Sql::rows(
            'SELECT returned.*, detail.unit_price_tax_excl AS price'
            . ' FROM ' . Sql::table('order_slip_detail') . ' returned'
            . ' JOIN ' . Sql::table('order_detail') . ' detail'
            . ' ON detail.id_order_detail = returned.id_order_detail'
            . " WHERE returned.id_order_slip = $slip ORDER BY returned.id_order_detail"
        );

        return array_map(function ($row) use ($currency) {
            $quantity = (int) $row['product_quantity'];
            $line = ['id' => (string) $row['id_order_detail'], 'quantity' => $quantity];
            $amount = self::minor($row, 'amount_tax_excl', $currency);
            $whole = Money::minor($row['price'], $currency) * $quantity;
            // Staff may give back another amount than the goods cost.
            if ($amount > 0 && abs($amount - $whole) > $quantity) {
                $line['amount'] = $amount;
            }

            return $line;
        }, $rows);
    }

    private static function minor(array $row, $name, $currency)
    {
        return isset($row[$name]) ? Money::minor($row[$name], $currency) : 0;
    }
}
