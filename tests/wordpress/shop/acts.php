<?php
/**
 * What can happen in the stand-in, in the order in which WordPress and WooCommerce do it.
 */
final class Acts
{
    /** A page is asked for. */
    public static function visit(array $query = [])
    {
        $_GET = array_map(function ($value) {
            return is_string($value) ? addslashes($value) : $value;
        }, $query);
        do_action('wp_loaded');
        $_GET = [];
    }

    /** Something of that worth is put into the cart. */
    public static function add($worth)
    {
        WC()->cart->worth += $worth;
        do_action('woocommerce_add_to_cart', 'key', 1, 1, 0, [], []);
    }

    /** The buyer takes a coupon out of the cart. */
    public static function takeOut($code)
    {
        WC()->cart->applied = array_values(array_diff(WC()->cart->applied, [strtolower($code)]));
    }

    /** The classic checkout: the shop saves the order after it has asked around. */
    public static function classic()
    {
        $order = new WC_Order([]);
        do_action('woocommerce_checkout_create_order', $order, ['payment_method' => 'cod']);
        $order->save();
        do_action('woocommerce_checkout_order_processed', 7, [], $order);
    }

    /** The checkout of blocks: a draft when the page is shown, then the order, saved after it. */
    public static function blocks()
    {
        $order = new WC_Order(['status' => 'checkout-draft']);
        do_action('woocommerce_store_api_checkout_update_order_meta', $order);
        do_action('woocommerce_store_api_checkout_update_order_meta', $order);
        $order->save();
        do_action('woocommerce_store_api_checkout_order_processed', $order);
    }

    /** What a hook of a page shows. */
    public static function shown($hook, ...$told)
    {
        ob_start();
        do_action($hook, ...$told);

        return ob_get_clean();
    }

    /** Somebody is signed in. */
    public static function signIn($id, $email)
    {
        $GLOBALS['shop']->user->ID = $id;
        $GLOBALS['shop']->user->user_email = $email;
    }

    /** What a page of the back office shows above. */
    public static function notices($screen)
    {
        $GLOBALS['shop']->screen = $screen;

        return self::shown('admin_notices');
    }

    /** The page of the settings. */
    public static function page()
    {
        list($parent, $capability, $show) = $GLOBALS['shop']->pages['wordmouth'];
        ob_start();
        $show();

        return "$parent $capability " . ob_get_clean();
    }

    /** The form of the settings is sent. */
    public static function save(array $fields)
    {
        update_option('wordmouth_settings', $fields);
    }

    /** The button is pressed: where it leads, or why not. */
    public static function check($nonce)
    {
        $_GET = ['_wpnonce' => $nonce];
        try {
            do_action('admin_post_wordmouth_check');
        } catch (Redirected $redirected) {
            return $redirected->getMessage();
        }
    }

    /** What stands beside the plug-in in the list. */
    public static function links()
    {
        return apply_filters('plugin_action_links_wordmouth/wordmouth.php', ['Deactivate']);
    }

    /** The plug-in is deleted. */
    public static function uninstall($plugin)
    {
        define('WP_UNINSTALL_PLUGIN', 'wordmouth/wordmouth.php');
        require "$plugin/uninstall.php";
    }
}
