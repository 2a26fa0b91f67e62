<?php
/**
 * The shop's database, on a file of SQLite, with what surprises in the real one: results are
 * texts, queries are cached unless told otherwise, a failure is an answer of `false`, and pSQL
 * throws away what looks like a tag.
 */
define('_DB_PREFIX_', 'ps_');
define('_MYSQL_ENGINE_', 'InnoDB');

class PrestaShopDatabaseException extends Exception
{
}

class Db
{
    private static $instance;
    private static $cache = [];
    private $pdo;
    private $affected = 0;
    private $error = '';

    public static function getInstance($master = true)
    {
        return self::$instance = self::$instance ?: new self();
    }

    private function __construct()
    {
        $this->pdo = new PDO('sqlite:' . getenv('SHOP_DB'));
        $this->pdo->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
        $this->pdo->setAttribute(PDO::ATTR_STRINGIFY_FETCHES, true);
        $this->pdo->exec('PRAGMA busy_timeout = 60000');
        $this->pdo->exec('PRAGMA journal_mode = WAL');
        $this->pdo->exec('PRAGMA synchronous = OFF');
    }

    public function execute($sql, $useCache = true)
    {
        try {
            $this->affected = $this->pdo->exec(self::translated($sql));

            return true;
        } catch (PDOException $error) {
            $this->error = $error->getMessage();

            return false;
        }
    }

    public function executeS($sql, $array = true, $useCache = true)
    {
        if (!preg_match('/^\s*\(?\s*(select|show|explain|describe|desc)\s/i', $sql)) {
            throw new PrestaShopDatabaseException('executeS is for queries that only read');
        }
        if ($useCache && isset(self::$cache[$sql])) {
            return self::$cache[$sql];
        }
        try {
            $rows = $this->pdo->query(self::translated($sql))->fetchAll(PDO::FETCH_ASSOC);
        } catch (PDOException $error) {
            $this->error = $error->getMessage();

            return false;
        }

        return self::$cache[$sql] = $rows;
    }

    /** Refuses letters of four bytes, as the tables of older shops do. */
    public function insert($table, array $row)
    {
        if (preg_match('/[\x{10000}-\x{10FFFF}]/u', implode(' ', $row))) {
            $this->error = 'Incorrect string value';

            return false;
        }
        $values = [];
        foreach ($row as $value) {
            $values[] = $value === null ? 'NULL' : "'" . pSQL($value, true) . "'";
        }
        $columns = '`' . implode('`, `', array_keys($row)) . '`';

        return $this->execute(
            'INSERT INTO `' . _DB_PREFIX_ . "$table` ($columns) VALUES (" . implode(', ', $values) . ')'
        );
    }

    public function Insert_ID()
    {
        return (int) $this->pdo->lastInsertId();
    }

    public function Affected_Rows()
    {
        return $this->affected;
    }

    public function getMsgError()
    {
        return $this->error;
    }

    /** What MySQL says in another way than SQLite. */
    private static function translated($sql)
    {
        $sql = preg_replace('/^\s*INSERT IGNORE /i', 'INSERT OR IGNORE ', $sql);
        if (stripos($sql, 'CREATE TABLE') === 0) {
            if (preg_match('/`(\w+)` int\(11\) unsigned NOT NULL AUTO_INCREMENT/', $sql, $key)) {
                $sql = str_replace($key[0], "`$key[1]` INTEGER PRIMARY KEY AUTOINCREMENT", $sql);
                $sql = preg_replace('/PRIMARY KEY \(`\w+`\),?\s*/', '', $sql);
            }
            $sql = str_replace(' unsigned', '', $sql);
            $sql = preg_replace('/UNIQUE KEY `\w+`/', 'UNIQUE', $sql);
            $sql = preg_replace('/,\s*KEY `\w+` \([^)]*\)/', '', $sql);
            $sql = preg_replace('/\)\s*ENGINE=.*$/s', ')', $sql);
        }

        return $sql;
    }
}

function pSQL($text, $htmlOk = false)
{
    $text = str_replace("'", "''", (string) $text);

    return $htmlOk ? $text : strip_tags(nl2br($text));
}
