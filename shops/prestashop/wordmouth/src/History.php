<?php

namespace Wordmouth\Shop;

/**
 * Tells the past: products and customers before the orders that name them, the oldest first.
 *
 * A cursor is kept in the shop's configuration and moved after each part is noted, so that an
 * interrupted telling goes on where it was. What is noted twice has no second effect.
 */
final class History
{
    const CURSOR = 'WORDMOUTH_HISTORY';
    const STEP = 200;

    /**
     * Begin to tell everything, or begin anew.
     *
     * @return int how much there is to tell
     */
    public static function start()
    {
        $total = 0;
        foreach (self::sources() as $source) {
            $total += (int) Sql::value('SELECT COUNT(*) FROM ' . $source['from']);
        }
        self::keep(['kind' => Outbox::PRODUCT, 'after' => 0, 'noted' => 0, 'total' => $total]);

        return $total;
    }

    /**
     * Note the next part.
     *
     * @return bool whether something was noted
     */
    public static function step()
    {
        $cursor = self::cursor();
        if ($cursor === null) {
            return false;
        }
        $sources = self::sources();
        $source = $sources[$cursor['kind']];
        $rows = Sql::rows(
            'SELECT ' . $source['id'] . ' AS id, ' . $source['shop'] . ' AS id_shop FROM '
            . $source['from'] . ' AND ' . $source['id'] . ' > ' . (int) $cursor['after']
            . ' ORDER BY ' . $source['id'] . ' LIMIT ' . self::STEP
        );
        foreach ($rows as $row) {
            Outbox::markHistory($cursor['kind'], (int) $row['id'], (int) $row['id_shop']);
            $cursor['after'] = (int) $row['id'];
        }
        $cursor['noted'] += count($rows);
        if (!$rows) {
            $kinds = array_keys($sources);
            $next = array_search($cursor['kind'], $kinds, true) + 1;
            if ($next === count($kinds)) {
                self::keep(null);

                return false;
            }
            $cursor['kind'] = $kinds[$next];
            $cursor['after'] = 0;
        }
        self::keep($cursor);

        return $rows ? true : self::step();
    }

    /**
     * How far it is: `told` of `total`; null if no history is being told.
     *
     * @return array|null
     */
    public static function progress()
    {
        $cursor = self::cursor();
        $status = Outbox::status();
        if ($cursor === null && !$status['history']) {
            return null;
        }
        if ($cursor === null) {
            return ['told' => null, 'left' => $status['history']];
        }
        $told = max(0, $cursor['noted'] - $status['history']);

        return ['told' => $told, 'left' => max(0, $cursor['total'] - $told)];
    }

    private static function sources()
    {
        $main = (int) \Configuration::get('PS_SHOP_DEFAULT');

        return [
            Outbox::PRODUCT => [
                'id' => 'id_product',
                'shop' => $main,
                'from' => Sql::table('product') . ' WHERE active = 1',
            ],
            Outbox::CUSTOMER => [
                'id' => 'id_customer',
                'shop' => 'id_shop',
                'from' => Sql::table('customer') . ' WHERE deleted = 0 AND is_guest = 0',
            ],
            Outbox::ORDER => [
                'id' => 'id_order',
                'shop' => 'id_shop',
                'from' => Sql::table('orders') . ' WHERE 1 = 1',
            ],
        ];
    }

    private static function cursor()
    {
        $kept = json_decode((string) \Configuration::getGlobalValue(self::CURSOR), true);

        return is_array($kept) && isset($kept['kind']) ? $kept : null;
    }

    private static function keep($cursor)
    {
        \Configuration::updateGlobalValue(self::CURSOR, $cursor === null ? '' : Text::json($cursor));
    }
}
