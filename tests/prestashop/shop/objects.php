<?php
/**
 * The shop's objects, as far as the module and a purchase need them. Storing one fires the hooks
 * that carry its class's name; what is read is text.
 */
#[AllowDynamicProperties]
abstract class ObjectModel
{
    const TABLE = '';
    const KEY = '';

    public $id = 0;

    public function __construct($id = null, $idLang = null, $idShop = null)
    {
        foreach (self::columns() as $name) {
            if (!property_exists($this, $name)) {
                $this->$name = null;
            }
        }
        if ($id) {
            $rows = Db::getInstance()->executeS(
                'SELECT * FROM ' . _DB_PREFIX_ . static::TABLE . ' WHERE ' . static::KEY . ' = ' . (int) $id,
                true,
                false
            );
            foreach ($rows ? $rows[0] : [] as $name => $value) {
                $this->$name = $value;
            }
            $this->id = $rows ? (int) $id : 0;
        }
    }

    public function add($autoDate = true, $nullValues = false)
    {
        $now = date('Y-m-d H:i:s');
        foreach (['date_add', 'date_upd'] as $name) {
            if ($this->has($name) && empty($this->$name)) {
                $this->$name = $now;
            }
        }
        if (!Db::getInstance()->insert(static::TABLE, $this->fields())) {
            return false;
        }
        $this->id = Db::getInstance()->Insert_ID();
        $this->{static::KEY} = (string) $this->id;
        Hook::exec('actionObject' . get_class($this) . 'AddAfter', ['object' => $this]);

        return true;
    }

    public function update($nullValues = false)
    {
        if ($this->has('date_upd')) {
            $this->date_upd = date('Y-m-d H:i:s');
        }
        $pairs = [];
        foreach ($this->fields() as $name => $value) {
            $pairs[] = "`$name` = '" . pSQL($value, true) . "'";
        }
        $done = Db::getInstance()->execute(
            'UPDATE ' . _DB_PREFIX_ . static::TABLE . ' SET ' . implode(', ', $pairs)
            . ' WHERE ' . static::KEY . ' = ' . (int) $this->id
        );
        Hook::exec('actionObject' . get_class($this) . 'UpdateAfter', ['object' => $this]);

        return $done;
    }

    public function delete()
    {
        $done = Db::getInstance()->execute(
            'DELETE FROM ' . _DB_PREFIX_ . static::TABLE . ' WHERE ' . static::KEY . ' = ' . (int) $this->id
        );
        Hook::exec('actionObject' . get_class($this) . 'DeleteAfter', ['object' => $this]);

        return $done;
    }

    private function has($name)
    {
        return in_array($name, self::columns(), true);
    }

    private function fields()
    {
        $fields = [];
        foreach (self::columns() as $name) {
            if ($name !== static::KEY && $this->$name !== null) {
                $value = $this->$name;
                $fields[$name] = is_array($value) ? json_encode($value) : (is_bool($value) ? (int) $value : $value);
            }
        }

        return $fields;
    }

    private static function columns()
    {
        $rows = Db::getInstance()->executeS(
            "SELECT name FROM pragma_table_info('" . _DB_PREFIX_ . static::TABLE . "')"
        );

        return array_column($rows, 'name');
    }
}

class Customer extends ObjectModel
{
    const TABLE = 'customer';
    const KEY = 'id_customer';
}

class Order extends ObjectModel
{
    const TABLE = 'orders';
    const KEY = 'id_order';
}

class OrderDetail extends ObjectModel
{
    const TABLE = 'order_detail';
    const KEY = 'id_order_detail';
}

class OrderCartRule extends ObjectModel
{
    const TABLE = 'order_cart_rule';
    const KEY = 'id_order_cart_rule';
}

class OrderSlip extends ObjectModel
{
    const TABLE = 'order_slip';
    const KEY = 'id_order_slip';
}

class OrderState extends ObjectModel
{
    const TABLE = 'order_state';
    const KEY = 'id_order_state';

    public static function getOrderStates($idLang)
    {
        return Db::getInstance()->executeS('SELECT * FROM ' . _DB_PREFIX_ . 'order_state');
    }
}

class OrderHistory extends ObjectModel
{
    const TABLE = 'order_history';
    const KEY = 'id_order_history';

    /** Stores the order's state; the row of the history itself is stored after this. */
    public function changeIdOrderState($idState, $order)
    {
        $old = new OrderState((int) $order->current_state);
        $new = new OrderState($idState);
        if ($new->paid && !$old->id || $new->paid && !$old->paid) {
            // Before the state is stored.
            Hook::exec('actionPaymentConfirmation', ['id_order' => (int) $order->id]);
        }
        $this->id_order_state = $idState;
        $order->current_state = $idState;
        $order->valid = $new->logable;
        $order->update();
        $params = ['newOrderStatus' => $new, 'id_order' => (int) $order->id];
        $params += SHOP_IS_THIRTYBEES ? ['order' => $order] : ['oldOrderStatus' => $old];
        Hook::exec('actionOrderStatusPostUpdate', $params);
    }

    public function addWithemail()
    {
        return $this->add();
    }
}

class CartRule extends ObjectModel
{
    const TABLE = 'cart_rule';
    const KEY = 'id_cart_rule';

    /** Any number of rules may have the same code, as in the real shop. */
    public function add($autoDate = true, $nullValues = false)
    {
        foreach ([$this->code, $this->description, implode('', $this->name)] as $text) {
            if (preg_match('/<[\s]*script|[<>]/i', $text)) {
                throw new PrestaShopException('Property CartRule is not valid');
            }
        }
        if (empty($this->reduction_currency)) {
            $this->reduction_currency = Configuration::get('PS_CURRENCY_DEFAULT');
        }
        // A shop that takes its time: for as long as that file is there.
        while (getenv('SHOP_HELD_RULES') && file_exists(getenv('SHOP_HELD_RULES'))) {
            usleep(10000);
            clearstatcache();
        }

        return parent::add($autoDate, $nullValues);
    }

    public static function getIdByCode($code)
    {
        $rows = Db::getInstance()->executeS(
            'SELECT id_cart_rule FROM ' . _DB_PREFIX_ . "cart_rule WHERE code = '" . pSQL($code) . "'",
            true,
            false
        );

        return $rows ? (int) $rows[0]['id_cart_rule'] : 0;
    }

    /** Without $displayError an answer of true or false; with it, words or nothing. */
    public function checkValidity($context, $alreadyInCart = false, $displayError = true)
    {
        $words = '';
        $now = date('Y-m-d H:i:s');
        if (!$this->active || $this->quantity <= 0 || $this->date_from > $now || $this->date_to < $now) {
            $words = 'This voucher cannot be used';
        } elseif ($this->id_customer && $this->id_customer != $context->cart->id_customer) {
            $words = 'You cannot use this voucher';
        } elseif ($context->cart->worth() < (float) $this->minimum_amount) {
            $words = 'You have not reached the minimum amount';
        }

        return $displayError ? ($words ?: null) : $words === '';
    }
}

class Cart extends ObjectModel
{
    const TABLE = 'cart';
    const KEY = 'id_cart';

    public function items()
    {
        return json_decode($this->products ?: '[]', true);
    }

    public function worth()
    {
        return array_sum(array_map(function ($item) {
            return $item[1] * 25.0;
        }, $this->items()));
    }

    public function nbProducts()
    {
        return array_sum(array_column($this->items(), 1));
    }

    public function getCartRules()
    {
        return array_map(function ($id) {
            return ['id_cart_rule' => (string) $id];
        }, json_decode($this->rules ?: '[]', true));
    }

    public function addCartRule($id)
    {
        $this->rules = json_encode(array_merge(json_decode($this->rules ?: '[]', true), [$id]));

        return $this->update();
    }
}

class Product extends ObjectModel
{
    const TABLE = 'product';
    const KEY = 'id_product';

    public function __construct($id = null, $full = false, $idLang = null, $idShop = null)
    {
        parent::__construct($id, $idLang, $idShop);
    }

    public static function getCover($id)
    {
        return ['id_image' => (string) (new self($id))->cover];
    }

    public static function getDefaultAttribute($id)
    {
        return (new self($id))->default_attribute;
    }
}

class Category extends ObjectModel
{
    const TABLE = 'category';
    const KEY = 'id_category';
}

class Address extends ObjectModel
{
    const TABLE = 'address';
    const KEY = 'id_address';
}

class Currency extends ObjectModel
{
    const TABLE = 'currency';
    const KEY = 'id_currency';

    public static function getIdByIsoCode($iso)
    {
        return shop_find('currency', 'id_currency', 'iso_code', $iso);
    }
}

class Language
{
    public static function getIsoById($id)
    {
        return shop_find('lang', 'iso_code', 'id_lang', $id);
    }

    public static function getLanguages($active = true)
    {
        return Db::getInstance()->executeS('SELECT * FROM ' . _DB_PREFIX_ . 'lang');
    }
}

class Country
{
    public static function getIsoById($id)
    {
        return shop_find('country', 'iso_code', 'id_country', $id);
    }
}

class Group
{
    public static function getPriceDisplayMethod($id)
    {
        return Configuration::get('PRICES_WITHOUT_TAX');
    }
}

function shop_find($table, $wanted, $column, $value)
{
    $rows = Db::getInstance()->executeS(
        "SELECT $wanted FROM " . _DB_PREFIX_ . "$table WHERE $column = '" . pSQL($value) . "'",
        true,
        false
    );

    return $rows ? $rows[0][$wanted] : false;
}
