<?php

namespace Wordmouth\Shop;

/**
 * Finds what no hook has told of: the module was switched off, or something was stored past the
 * shop's own classes.
 *
 * Orders, states, refunds and accounts are numbered upwards, so what is new is found by the number
 * seen last, without reading the whole table. What a hook has told is told once more, and has no
 * second effect.
 */
final class Sweep
{
    const SEEN = 'WORDMOUTH_SWEPT';
    const EVERY = 600;
    const STEP = 500;

    /**
     * Note what is new since the last time, if that is ten minutes ago.
     *
     * @return int how much was noted
     */
    public static function run()
    {
        $seen = json_decode((string) \Configuration::getGlobalValue(self::SEEN), true);
        $seen = is_array($seen) ? $seen : ['at' => 0];
        if (!Settings::of()->isConnected() || $seen['at'] > time() - self::EVERY) {
            return 0;
        }
        $noted = 0;
        foreach (self::sources() as $name => $source) {
            if (!isset($seen[$name])) {
                // The first time: what was there before is the past, which is told when asked for.
                $seen[$name] = (int) Sql::value('SELECT MAX(' . $source['number'] . ') FROM ' . $source['from']);
                continue;
            }
            $rows = self::newer($source, (int) $seen[$name]);
            foreach ($rows as $row) {
                Outbox::mark($source['kind'], (int) $row['id'], (int) $row['id_shop']);
                $seen[$name] = (int) $row['number'];
            }
            $noted += count($rows);
        }
        $seen['at'] = time();
        \Configuration::updateGlobalValue(self::SEEN, Text::json($seen));

        return $noted;
    }

    private static function newer(array $source, $number)
    {
        return Sql::rows(
            'SELECT ' . $source['number'] . ' AS number, ' . $source['id'] . ' AS id, '
            . $source['shop'] . ' AS id_shop FROM ' . $source['from'] . ' WHERE ' . $source['number']
            . " > $number ORDER BY " . $source['number'] . ' LIMIT ' . self::STEP
        );
    }

    private static function sources()
    {
        $sources = [
            'customer' => [
                'kind' => Outbox::CUSTOMER,
                'number' => 'id_customer',
                'id' => 'id_customer',
                'shop' => 'id_shop',
                'from' => Sql::table('customer'),
            ],
            'orders' => [
                'kind' => Outbox::ORDER,
                'number' => 'id_order',
                'id' => 'id_order',
                'shop' => 'id_shop',
                'from' => Sql::table('orders'),
            ],
        ];
        foreach (['order_history', 'order_slip'] as $part) {
            $sources[$part] = [
                'kind' => Outbox::ORDER,
                'number' => "part.id_$part",
                'id' => 'part.id_order',
                'shop' => 'placed.id_shop',
                'from' => Sql::table($part) . ' part JOIN ' . Sql::table('orders')
                    . ' placed ON placed.id_order = part.id_order',
            ];
        }

        return $sources;
    }
}
