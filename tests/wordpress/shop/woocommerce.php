<?php
/**
 * A thin stand-in of WooCommerce: cart, coupons, orders and webhooks, as far as the plug-in sees
 * them. Orders are objects that somebody saves; there is no other way to their notes.
 */

namespace Automattic\WooCommerce\Utilities {
    class FeaturesUtil
    {
        public static function declare_compatibility($feature, $file, $can)
        {
            $GLOBALS['shop']->declared[$feature] = [basename($file), $can];
        }
    }
}

namespace {
    class WooCommerce
    {
        public $cart;
        public $session;
    }

    class WC_Session
    {
        private $kept = [];

        public function get($name, $default = null)
        {
            return $this->kept[$name] ?? $default;
        }

        public function set($name, $value)
        {
            $this->kept[$name] = $value;
        }
    }

    class WC_DateTime extends DateTime
    {
    }

    /** Codes are compared in small letters, as in a shop; a code that nobody made has no number. */
    class WC_Coupon
    {
        private $code;
        private $known;

        public function __construct($code)
        {
            $this->code = strtolower($code);
            $this->known = $GLOBALS['shop']->coupons[$this->code] ?? [];
        }

        public function get_code()
        {
            return $this->code;
        }

        public function get_id()
        {
            return $this->known['id'] ?? 0;
        }

        public function get_usage_limit()
        {
            return $this->known['limit'] ?? 0;
        }

        public function get_usage_count()
        {
            return $this->known['used'] ?? 0;
        }

        public function get_date_expires()
        {
            return isset($this->known['until']) ? new WC_DateTime('@' . $this->known['until']) : null;
        }

        public function least()
        {
            return $this->known['least'] ?? 0;
        }
    }

    class WC_Discounts
    {
        private $cart;

        public function __construct(WC_Cart $cart)
        {
            $this->cart = $cart;
        }

        public function is_coupon_valid(WC_Coupon $coupon)
        {
            $enough = $this->cart->worth >= $coupon->least();

            return $coupon->get_id() && $enough ? true : new WP_Error('This coupon is not valid.');
        }
    }

    /** An empty cart loses its coupons; one that is refused leaves an error for the next page. */
    class WC_Cart
    {
        public $worth = 0;
        public $applied = [];

        public function is_empty()
        {
            return $this->worth === 0;
        }

        public function has_discount($code)
        {
            return in_array(strtolower($code), $this->applied, true);
        }

        public function apply_coupon($code)
        {
            $coupon = new WC_Coupon($code);
            if ($this->is_empty() || (new WC_Discounts($this))->is_coupon_valid($coupon) !== true) {
                $GLOBALS['shop']->notices[] = ['error', "$code is not valid"];

                return false;
            }
            $this->applied[] = $coupon->get_code();
            $GLOBALS['shop']->notices[] = ['success', 'Coupon code applied successfully.'];

            return true;
        }
    }

    /** What is noted on it is kept when it is saved, and not before. */
    class WC_Order
    {
        private $told;
        private $notes = [];

        public function __construct(array $told)
        {
            $this->told = $told + ['id' => 7, 'status' => 'processing', 'customer' => 0];
        }

        public function update_meta_data($name, $value)
        {
            $this->notes[$name] = $value;
        }

        public function save()
        {
            $GLOBALS['shop']->orders[$this->told['id']] = $this->notes;
        }

        public function has_status(array $statuses)
        {
            return in_array($this->told['status'], $statuses, true);
        }

        public function get_billing_email()
        {
            return $this->told['email'] ?? '';
        }

        public function get_billing_first_name()
        {
            return $this->told['first_name'] ?? '';
        }

        public function get_billing_last_name()
        {
            return $this->told['last_name'] ?? '';
        }

        public function get_customer_id()
        {
            return $this->told['customer'];
        }
    }

    class WC_Webhook
    {
        private $told;

        public function __construct(array $told)
        {
            $this->told = $told;
        }

        public function get_delivery_url()
        {
            return $this->told['url'];
        }

        public function get_status()
        {
            return $this->told['status'] ?? 'active';
        }

        public function get_secret()
        {
            return $this->told['secret'] ?? '';
        }
    }

    class WC_Data_Store
    {
        public static function load($what)
        {
            return $what === 'webhook' ? new self() : null;
        }

        /** Their numbers, the newest first; ten, unless told otherwise. */
        public function search_webhooks(array $how)
        {
            $ids = array_reverse(array_keys($GLOBALS['shop']->webhooks));
            $most = $how['limit'] ?? 10;

            return $most < 0 ? $ids : array_slice($ids, 0, $most);
        }
    }

    function WC()
    {
        return $GLOBALS['shop']->woocommerce;
    }

    function wc_get_webhook($id)
    {
        return new WC_Webhook($GLOBALS['shop']->webhooks[$id]);
    }

    function wc_get_order($id)
    {
        $told = $GLOBALS['shop']->placed;

        return $told && $id === 7 ? new WC_Order($told) : false;
    }

    function wc_coupons_enabled()
    {
        return $GLOBALS['shop']->takes_coupons;
    }
}
