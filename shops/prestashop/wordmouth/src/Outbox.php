<?php

namespace Wordmouth\Shop;

/**
 * What the engine has not been told: marked where it changes, kept until the engine took it.
 */
final class Outbox
{
    const ORDER = 'order';
    const CUSTOMER = 'customer';
    const PRODUCT = 'product';

    /** Seconds between a change and its telling. Hooks fire before all of a change is stored. */
    const DELAY = 10;
    /** Seconds for which one process has a row to itself; longer than any sending takes. */
    const LEASE = 120;
    /** How many changes one process makes due at its end; an import's others wait for the cron job. */
    const MOST_OWN = 100;
    const FIRST_WAIT = 5;
    const LONGEST_WAIT = 3600;

    /** @var string[] marks that this process has made */
    private static $ownMarks = [];

    /**
     * Note that something changed: one row, written or renewed. Nothing is sent here.
     *
     * @param string $kind
     * @param int $id
     * @param int $idShop whose settings it is sent with
     */
    public static function mark($kind, $id, $idShop)
    {
        $mark = bin2hex(random_bytes(16));
        $due = time() + self::DELAY;
        $renew = 'UPDATE ' . Sql::table(Tables::OUTBOX) . " SET mark = '$mark', is_history = 0, "
            // A row that waits because the engine is away goes on waiting.
            . "due_at = CASE WHEN attempts > 0 THEN due_at ELSE $due END "
            . 'WHERE ' . self::named($kind, $id);
        // Between the two statements another process may have written or dropped the row.
        for ($try = 0; $try < 3; ++$try) {
            if (Sql::run($renew) || self::insert($kind, $id, $idShop, $mark, $due, false)) {
                if (count(self::$ownMarks) < self::MOST_OWN) {
                    self::$ownMarks[] = $mark;
                }

                return;
            }
        }
        throw new \RuntimeException("the change of $kind $id could not be noted");
    }

    /**
     * Have something from the past told after everything new; what waits already is left alone.
     *
     * @param string $kind
     * @param int $id
     * @param int $idShop
     */
    public static function markHistory($kind, $id, $idShop)
    {
        self::insert($kind, $id, $idShop, bin2hex(random_bytes(16)), time(), true);
    }

    /**
     * Whether this process has changed something that is not told yet.
     *
     * @return bool
     */
    public static function hasOwn()
    {
        return self::$ownMarks !== [];
    }

    /**
     * Make due what this process has marked: it has ended, so all of it is stored.
     */
    public static function ripenOwn()
    {
        if (self::$ownMarks) {
            $marks = "'" . implode("', '", self::$ownMarks) . "'";
            Sql::run(
                'UPDATE ' . Sql::table(Tables::OUTBOX) . ' SET due_at = ' . time()
                . " WHERE attempts = 0 AND mark IN ($marks)"
            );
            self::$ownMarks = [];
        }
    }

    /**
     * Take the next due row, news before history; null if there is none.
     *
     * @param int[] $exceptShops whose engine does not answer at the moment
     *
     * @return array|null the row; nobody else has it for two minutes
     */
    public static function claim(array $exceptShops)
    {
        $now = time();
        $free = "leased_until <= $now AND due_at <= $now";
        $others = $exceptShops ? ' AND id_shop NOT IN (' . implode(', ', $exceptShops) . ')' : '';
        $rows = Sql::rows(
            'SELECT * FROM ' . Sql::table(Tables::OUTBOX) . " WHERE $free$others"
            . ' ORDER BY is_history, due_at, id_wordmouth_outbox LIMIT 20'
        );
        foreach ($rows as $row) {
            $taken = Sql::run(
                'UPDATE ' . Sql::table(Tables::OUTBOX) . ' SET leased_until = '
                . ($now + self::LEASE) . ' WHERE ' . self::same($row) . " AND $free"
            );
            if ($taken) {
                return $row;
            }
        }

        return null;
    }

    /**
     * Drop a row that was told, unless the thing changed meanwhile: then it is due again.
     *
     * @param array $row
     */
    public static function settle(array $row)
    {
        if (!Sql::run('DELETE FROM ' . Sql::table(Tables::OUTBOX) . ' WHERE ' . self::same($row))) {
            Sql::run(
                'UPDATE ' . Sql::table(Tables::OUTBOX)
                . " SET leased_until = 0, attempts = 0, last_error = ''"
                . ' WHERE ' . self::named($row['kind'], $row['id_object'])
            );
        }
    }

    /**
     * Try a row again later: after 5 seconds, 10, 20 ... at most an hour, for ever.
     *
     * @param array $row
     * @param string $error what the engine said
     * @param int $atLeast seconds that the engine asked to wait
     */
    public static function putOff(array $row, $error, $atLeast)
    {
        $wait = min(self::FIRST_WAIT << min((int) $row['attempts'], 12), self::LONGEST_WAIT);
        $wait = max($wait, min($atLeast, self::LONGEST_WAIT));
        Sql::run(
            'UPDATE ' . Sql::table(Tables::OUTBOX) . ' SET leased_until = 0, attempts = attempts + 1,'
            . ' due_at = ' . (time() + $wait) . ', last_error = ' . Sql::text($error, 300)
            . ' WHERE ' . self::named($row['kind'], $row['id_object'])
        );
    }

    /**
     * How many wait, of them from the past, how often one was tried at most, and the last error.
     *
     * @return array
     */
    public static function status()
    {
        $table = Sql::table(Tables::OUTBOX);
        $counted = Sql::row(
            'SELECT COUNT(*) AS pending, SUM(is_history) AS history, MAX(attempts) AS most_attempts'
            . " FROM $table"
        );
        $failing = Sql::row(
            "SELECT last_error FROM $table WHERE last_error <> '' ORDER BY attempts DESC"
        );

        return [
            'pending' => (int) $counted['pending'],
            'history' => (int) $counted['history'],
            'most_attempts' => (int) $counted['most_attempts'],
            'last_error' => $failing ? $failing['last_error'] : '',
        ];
    }

    private static function insert($kind, $id, $idShop, $mark, $due, $isHistory)
    {
        return Sql::run(
            'INSERT IGNORE INTO ' . Sql::table(Tables::OUTBOX)
            . ' (kind, id_object, id_shop, mark, is_history, due_at) VALUES ('
            . Sql::text($kind, 16) . ', ' . (int) $id . ', ' . (int) $idShop . ", '$mark', "
            . (int) $isHistory . ', ' . (int) $due . ')'
        );
    }

    private static function named($kind, $id)
    {
        return 'kind = ' . Sql::text($kind, 16) . ' AND id_object = ' . (int) $id;
    }

    private static function same(array $row)
    {
        return 'id_wordmouth_outbox = ' . (int) $row['id_wordmouth_outbox']
            . ' AND mark = ' . Sql::text($row['mark'], 32);
    }
}
