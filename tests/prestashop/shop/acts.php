<?php
/**
 * A page of the shop's own.
 */
class ShopPage
{
    public $php_self;

    public function __construct($name)
    {
        $this->php_self = $name;
    }
}

/**
 * What a test asks of the shop. Each method takes and gives what can be told as JSON.
 */
class ShopActs
{
    public static function carryOut($verb, array $asked)
    {
        return call_user_func([self::class, $verb], $asked);
    }

    public static function open(array $asked)
    {
        shop_schema(SHOP_IS_THIRTYBEES);
        shop_seed(SHOP_IS_THIRTYBEES);

        return Module::getInstanceByName('wordmouth')->install();
    }

    public static function uninstall(array $asked)
    {
        return Module::getInstanceByName('wordmouth')->uninstall();
    }

    public static function install(array $asked)
    {
        return Module::getInstanceByName('wordmouth')->install();
    }

    public static function configure(array $asked)
    {
        $shop = isset($asked['shop']) ? $asked['shop'] : null;
        foreach ($asked['values'] as $name => $value) {
            Configuration::updateValue($name, $value, false, null, $shop);
        }

        return true;
    }

    /** The configuration page, sent with these fields. */
    public static function page(array $asked)
    {
        $_POST = $asked;

        return Module::getInstanceByName('wordmouth')->getContent();
    }

    public static function customer(array $asked)
    {
        return shop_customer($asked)->id;
    }

    public static function cart(array $asked)
    {
        return shop_cart($asked['customer'], $asked['currency'], $asked['items'])->id;
    }

    public static function order(array $asked)
    {
        if (isset($asked['by_staff'])) {
            // The back office says so by this.
            define('_PS_ADMIN_DIR_', '/admin');
        }
        $state = Configuration::get('PS_OS_' . $asked['state']);

        return shop_order(new Cart($asked['cart']), $state, $asked['told'])->id;
    }

    public static function state(array $asked)
    {
        shop_state(new Order($asked['order']), (int) Configuration::get('PS_OS_' . $asked['state']));

        return true;
    }

    public static function slip(array $asked)
    {
        return (int) shop_slip(new Order($asked['order']), $asked['told'], $asked['lines'])->id;
    }

    public static function save(array $asked)
    {
        $object = new $asked['what']($asked['id']);
        foreach ($asked['values'] as $name => $value) {
            $object->$name = $value;
        }

        return $object->id ? $object->update() : $object->add();
    }

    public static function insert(array $asked)
    {
        return Db::getInstance()->insert($asked['table'], $asked['row'])
            ?: Db::getInstance()->getMsgError();
    }

    public static function sql(array $asked)
    {
        $isQuery = stripos($asked['sql'], 'select') === 0;
        $db = Db::getInstance();

        return $isQuery ? $db->executeS($asked['sql'], true, false) : $db->execute($asked['sql']);
    }

    public static function snapshot(array $asked)
    {
        self::load();
        $settings = Wordmouth\Shop\Settings::of();

        return Wordmouth\Shop\Snapshots::build($asked['kind'], $asked['id'], $settings);
    }

    public static function flush(array $asked)
    {
        self::load();
        list($status, $told) = Wordmouth\Shop\Cron::run($asked['seconds']);

        return ['status' => $status] + $told;
    }

    public static function minor(array $asked)
    {
        self::load();

        return Wordmouth\Shop\Money::minor($asked['amount'], $asked['currency']);
    }

    public static function utc(array $asked)
    {
        self::load();

        return Wordmouth\Shop\Moment::utc($asked['text']);
    }

    public static function token(array $asked)
    {
        self::load();

        return Wordmouth\Shop\Signing::customerToken(
            Wordmouth\Shop\Signing::key($asked['secret']),
            $asked['claims']
        );
    }

    private static function load()
    {
        Module::getInstanceByName('wordmouth');
    }
}
