<?php

namespace Wordmouth\Shop;

/**
 * The terms of a coupon as the engine asks for them, checked against what this shop can express.
 */
final class CouponTerms
{
    const PERCENT_OFF = 'percent_off';
    const AMOUNT_OFF = 'amount_off';
    const FREE_SHIPPING = 'free_shipping';
    const FREE_PRODUCT = 'free_product';
    const KINDS = [self::PERCENT_OFF, self::AMOUNT_OFF, self::FREE_SHIPPING, self::FREE_PRODUCT];
    const HIGHEST_AMOUNT = 1000000000;
    const HIGHEST_COUNT = 1000000;

    /** @var string */
    public $code;
    /** @var string */
    public $kind;
    /** @var int percent, or minor units of the currency */
    public $value = 0;
    /** @var string */
    public $currency;
    /** @var int minor units; 0: none */
    public $minOrder;
    /** @var int|null unix seconds; null: never */
    public $expiresAt;
    /** @var int 0: any number */
    public $usageLimit;
    /** @var int the one customer who may use it; 0: anybody */
    public $idCustomer;
    /** @var string */
    public $description;
    /** @var int of which one piece is free; 0 for the other kinds */
    public $idProduct = 0;

    /**
     * The terms in a `coupon.issue` message.
     *
     * @param array $data
     *
     * @return CouponTerms
     *
     * @throws Problem 400 for a field that is malformed, 422 for what this shop cannot express
     */
    public static function read(array $data)
    {
        $terms = new self();
        $terms->code = self::code($data);
        $terms->kind = self::kind($data);
        $terms->currency = self::currency($data);
        if ($terms->kind === self::PERCENT_OFF) {
            $terms->value = self::whole($data, 'value', 1, 100);
        } elseif ($terms->kind === self::AMOUNT_OFF) {
            $terms->value = self::whole($data, 'value', 1, self::HIGHEST_AMOUNT);
        } elseif ($terms->kind === self::FREE_PRODUCT) {
            $terms->idProduct = self::product($data);
        }
        $terms->minOrder = self::optional($data, 'min_order', 0, self::HIGHEST_AMOUNT);
        $terms->usageLimit = self::optional($data, 'usage_limit', 1, self::HIGHEST_COUNT);
        $terms->expiresAt = self::moment($data);
        $terms->idCustomer = self::customer($data);
        $terms->description = self::text($data, 'description', 1000);
        if ($terms->kind === self::AMOUNT_OFF || $terms->minOrder) {
            $terms->idCurrency();
        }

        return $terms;
    }

    /**
     * The code of a message, in capitals.
     *
     * @param array $data
     *
     * @return string
     *
     * @throws Problem 400 if it is missing or holds other signs than A-Z, 0-9, - and _
     */
    public static function code(array $data)
    {
        $code = isset($data['code']) && is_string($data['code']) ? strtoupper(trim($data['code'])) : '';
        if (!preg_match('/^[A-Z0-9_-]{4,64}$/D', $code)) {
            throw self::invalid('code must be 4 to 64 characters of A-Z, 0-9, - and _');
        }

        return $code;
    }

    /**
     * What makes two requests for one code the same request; not the wording.
     *
     * @return array
     */
    public function comparable()
    {
        $terms = get_object_vars($this);
        unset($terms['description']);
        ksort($terms);

        return $terms;
    }

    /**
     * The shop's number of the currency; 0 where no amount depends on it.
     *
     * @return int
     *
     * @throws Problem 422 if the shop does not sell in it
     */
    public function idCurrency()
    {
        $id = (int) \Currency::getIdByIsoCode($this->currency);
        if (!$id) {
            $detail = 'this shop has no currency ' . $this->currency;
            throw new Problem(422, 'currency_mismatch', $detail);
        }

        return $id;
    }

    private static function invalid($detail)
    {
        return new Problem(400, 'invalid_coupon', $detail);
    }

    private static function kind(array $data)
    {
        $kind = isset($data['kind']) ? $data['kind'] : null;
        if (!in_array($kind, self::KINDS, true)) {
            $detail = 'kind ' . json_encode($kind) . ' is not possible here; '
                . implode(', ', self::KINDS) . ' are';
            throw new Problem(422, 'unsupported_kind', $detail);
        }

        return $kind;
    }

    private static function currency(array $data)
    {
        $currency = isset($data['currency']) ? $data['currency'] : null;
        if (!is_string($currency) || !preg_match('/^[A-Z]{3}$/D', $currency)) {
            throw self::invalid('currency must be an ISO 4217 code such as EUR');
        }

        return $currency;
    }

    private static function whole(array $data, $name, $lowest, $highest)
    {
        $value = isset($data[$name]) ? $data[$name] : null;
        if (!is_int($value) || $value < $lowest || $value > $highest) {
            throw self::invalid("$name must be a whole number from $lowest to $highest");
        }

        return $value;
    }

    private static function optional(array $data, $name, $lowest, $highest)
    {
        return isset($data[$name]) ? self::whole($data, $name, $lowest, $highest) : 0;
    }

    private static function text(array $data, $name, $longest)
    {
        $text = isset($data[$name]) ? $data[$name] : '';
        if (!is_string($text) || strlen($text) > 4 * $longest) {
            throw self::invalid("$name must be text of at most $longest characters");
        }

        return trim(Text::cut($text, $longest));
    }

    private static function moment(array $data)
    {
        if (!isset($data['expires_at'])) {
            return null;
        }
        $moment = Moment::parse($data['expires_at']);
        if ($moment === null) {
            throw self::invalid('expires_at must be an RFC 3339 time with a time zone');
        }

        return $moment;
    }

    private static function product(array $data)
    {
        $key = self::text($data, 'product', 64);
        $product = ctype_digit($key) ? new \Product((int) $key) : null;
        if (!$product || !\Validate::isLoadedObject($product) || !$product->active) {
            $detail = 'this shop has no product ' . $key . ' that is for sale';
            throw new Problem(422, 'unknown_product', $detail);
        }

        return (int) $key;
    }

    /** The shop locks a coupon to an account; it has nothing for an address without one. */
    private static function customer(array $data)
    {
        if (!isset($data['customer'])) {
            return 0;
        }
        if (!is_array($data['customer'])) {
            throw self::invalid('customer must be an object with id and email, or null');
        }
        $id = self::text($data['customer'], 'id', 64);
        $email = self::text($data['customer'], 'email', 254);
        if ($id === '' && $email === '') {
            throw self::invalid('customer must have an id or an email');
        }
        $known = ctype_digit($id) ? 'id_customer = ' . (int) $id : 'email = ' . Sql::text($email, 254);
        $found = Sql::value(
            'SELECT id_customer FROM ' . Sql::table('customer')
            . " WHERE $known AND deleted = 0 AND is_guest = 0 AND active = 1"
        );
        if (!$found) {
            $detail = 'this customer has no account here, and a coupon can only be locked to one';
            throw new Problem(422, 'unknown_customer', $detail);
        }

        return (int) $found;
    }
}
