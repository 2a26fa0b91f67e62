<?php

namespace Wordmouth\Shop;

/**
 * What became of an order, and when: read from the states that it went through.
 *
 * The flags of a state say whether it proves payment or shipping, so the shop's own states count
 * like those it came with. "valid" of the order says only what its present state is.
 */
final class OrderFacts
{
    /**
     * The moments of an order's life; null for what is not proven.
     *
     * @param \Order $order
     * @param Settings $settings of the order's shop
     *
     * @return array
     */
    public static function of($order, Settings $settings)
    {
        $passed = self::passed($order);
        $in = function ($meaning) use ($settings) {
            $states = $settings->states($meaning);

            return function ($state) use ($states) {
                return in_array((int) $state['id_order_state'], $states, true);
            };
        };
        $paid = self::first($passed, function ($state) {
            return (bool) $state['paid'];
        });
        $delivered = self::first($passed, $in('DELIVERED'));
        $fulfilled = self::first($passed, function ($state) {
            return (bool) $state['shipped'];
        });
        if ((float) $order->total_paid_tax_incl <= 0) {
            // Nobody pays for it, so no state ever says so.
            $paid = (string) $order->date_add;
        }
        $moments = [
            'paid_at' => $paid,
            'fulfilled_at' => $fulfilled ?: $delivered,
            'delivered_at' => $delivered,
            // A state is left again when an order is taken up anew: only the present one counts.
            'cancelled_at' => self::present($order, $passed, $in('CANCELLED')),
            'charged_back_at' => self::present($order, $passed, $in('CHARGED_BACK')),
        ];

        return array_map(function ($moment) use ($order) {
            return Moment::utc($moment, (int) $order->id_shop);
        }, $moments);
    }

    /** The states that an order had, oldest first, each with its moment and its flags. */
    private static function passed($order)
    {
        $rows = Sql::rows(
            'SELECT history.id_order_state, history.date_add, state.paid, state.shipped'
            . ' FROM ' . Sql::table('order_history') . ' history'
            . ' LEFT JOIN ' . Sql::table('order_state') . ' state'
            . ' ON state.id_order_state = history.id_order_state'
            . ' WHERE history.id_order = ' . (int) $order->id
            . ' ORDER BY history.date_add, history.id_order_history'
        );
        $known = array_map('intval', array_column($rows, 'id_order_state'));
        $present = (int) $order->current_state;
        if ($present && !in_array($present, $known, true)) {
            // Imported orders have a state and no history.
            $flags = Sql::row(
                'SELECT paid, shipped FROM ' . Sql::table('order_state')
                . " WHERE id_order_state = $present"
            );
            $flags = $flags ?: ['paid' => 0, 'shipped' => 0];
            $rows[] = ['id_order_state' => $present, 'date_add' => $order->date_add] + $flags;
        }

        return $rows;
    }

    private static function first(array $passed, $fits)
    {
        foreach ($passed as $state) {
            if ($fits($state)) {
                return $state['date_add'];
            }
        }

        return null;
    }

    private static function present($order, array $passed, $fits)
    {
        if (!$fits(['id_order_state' => $order->current_state])) {
            return null;
        }
        // The last of a row of states that all mean it began with the first of them.
        $since = null;
        foreach ($passed as $state) {
            $since = $fits($state) ? ($since ?: $state['date_add']) : null;
        }

        return $since ?: $order->date_add;
    }
}
