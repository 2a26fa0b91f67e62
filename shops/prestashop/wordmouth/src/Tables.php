<?php

namespace Wordmouth\Shop;

/**
 * The tables of this module in the shop's database. Moments in them are unix seconds.
 */
final class Tables
{
    const OUTBOX = 'wordmouth_outbox';
    const VISIT = 'wordmouth_visit';
    const COUPON = 'wordmouth_coupon';

    /**
     * Make what is not there yet. What is there stays as it is.
     */
    public static function make()
    {
        foreach (self::definitions() as $table => $columns) {
            Sql::run(
                'CREATE TABLE IF NOT EXISTS ' . Sql::table($table) . " (\n$columns\n) ENGINE="
                . _MYSQL_ENGINE_ . ' DEFAULT CHARSET=utf8'
            );
        }
    }

    /**
     * Take away what means nothing without the module. The coupons stay: customers have them,
     * and a module that is installed again must know which ones it made.
     */
    public static function drop()
    {
        foreach ([self::OUTBOX, self::VISIT] as $table) {
            Sql::run('DROP TABLE IF EXISTS ' . Sql::table($table));
        }
    }

    private static function definitions()
    {
        return [
            // Of each row the engine has not yet heard the latest. `mark` is new with every
            // change and names the delivery.
            self::OUTBOX => "`id_wordmouth_outbox` int(11) unsigned NOT NULL AUTO_INCREMENT,
                `kind` varchar(16) NOT NULL,
                `id_object` int(11) unsigned NOT NULL,
                `id_shop` int(11) unsigned NOT NULL,
                `mark` varchar(32) NOT NULL,
                `is_history` tinyint(1) unsigned NOT NULL DEFAULT 0,
                `due_at` int(11) unsigned NOT NULL,
                `leased_until` int(11) unsigned NOT NULL DEFAULT 0,
                `attempts` int(11) unsigned NOT NULL DEFAULT 0,
                `last_error` varchar(300) NOT NULL DEFAULT '',
                PRIMARY KEY (`id_wordmouth_outbox`),
                UNIQUE KEY `wordmouth_once` (`kind`, `id_object`),
                KEY `wordmouth_due` (`is_history`, `due_at`)",
            // Who came to buy, by cart: a payment service places the order in a request of its
            // own, without the customer's cookies.
            self::VISIT => "`id_cart` int(11) unsigned NOT NULL,
                `token` varchar(1024) NOT NULL DEFAULT '',
                `ip` varchar(64) NOT NULL DEFAULT '',
                `user_agent` varchar(500) NOT NULL DEFAULT '',
                `seen_at` int(11) unsigned NOT NULL,
                PRIMARY KEY (`id_cart`)",
            // Coupons that the engine asked for. The shop itself takes any number of cart rules
            // of the same code; the unique code here is what keeps them one.
            self::COUPON => "`id_wordmouth_coupon` int(11) unsigned NOT NULL AUTO_INCREMENT,
                `code` varchar(64) NOT NULL,
                `terms` text NOT NULL,
                `id_cart_rule` int(11) unsigned NOT NULL DEFAULT 0,
                `usage_limit` int(11) unsigned NOT NULL DEFAULT 0,
                `fence` int(11) unsigned NOT NULL DEFAULT 0,
                `leased_until` int(11) unsigned NOT NULL DEFAULT 0,
                `revoked_at` int(11) unsigned NOT NULL DEFAULT 0,
                PRIMARY KEY (`id_wordmouth_coupon`),
                UNIQUE KEY `wordmouth_code` (`code`)",
        ];
    }
}
