<?php

namespace Wordmouth\Shop;

/**
 * The shop's database, always asked itself: the shop's cache of queries may be older than now.
 */
final class Sql
{
    /**
     * @param string $name without the installation's prefix
     *
     * @return string
     */
    public static function table($name)
    {
        return '`' . _DB_PREFIX_ . $name . '`';
    }

    /**
     * A quoted text of at most so many characters.
     *
     * @param mixed $text
     * @param int $longest
     *
     * @return string
     */
    public static function text($text, $longest)
    {
        // Without its second argument pSQL throws away whatever looks like a tag.
        return "'" . pSQL(Text::storable($text, $longest), true) . "'";
    }

    /**
     * @param string $sql
     *
     * @return array[] all rows
     *
     * @throws \RuntimeException if the database refuses
     */
    public static function rows($sql)
    {
        $rows = \Db::getInstance()->executeS($sql, true, false);
        if (!is_array($rows)) {
            throw new \RuntimeException('database: ' . \Db::getInstance()->getMsgError());
        }

        return $rows;
    }

    /**
     * @param string $sql without a LIMIT, which is added
     *
     * @return array|null the first row
     */
    public static function row($sql)
    {
        $rows = self::rows($sql . ' LIMIT 1');

        return $rows ? $rows[0] : null;
    }

    /**
     * @param string $sql without a LIMIT, which is added
     *
     * @return string|null the first column of the first row
     */
    public static function value($sql)
    {
        $row = self::row($sql);

        return $row ? reset($row) : null;
    }

    /**
     * Carry out a statement.
     *
     * @param string $sql
     *
     * @return int how many rows it changed
     *
     * @throws \RuntimeException if the database refuses
     */
    public static function run($sql)
    {
        $db = \Db::getInstance();
        if (!$db->execute($sql, false)) {
            throw new \RuntimeException('database: ' . $db->getMsgError());
        }

        return (int) $db->Affected_Rows();
    }
}
