<?php
/**
 * Plays a story in the stand-in: what the shop is like and what happens in it comes as JSON from
 * the standard input, what became of it goes as JSON to the standard output.
 */
error_reporting(E_ALL);
set_error_handler(function ($kind, $words, $file, $line) {
    throw new ErrorException($words, 0, $kind, $file, $line);
});

class Shop
{
    public $hooks = [];
    public $options = ['permalink_structure' => '/%postname%/'];
    public $others = [];
    public $left = [];
    public $at = 1;
    public $settings = [];
    public $refused = [];
    public $pages = [];
    public $cookies = [];
    public $sent = false;
    public $declared = [];
    public $texts = [];
    public $webhooks = [];
    public $coupons = [];
    public $takes_coupons = true;
    public $notices = [];
    public $orders = [];
    public $placed = [];
    public $asked = [];
    public $answer = 'Nobody answers';
    public $may = ['manage_woocommerce', 'activate_plugins'];
    public $user;
    public $screen = '';
    public $admin = false;
    public $home = 'https://tea.example';
    public $woocommerce;
    public $version = '9.9.5';
}

list(, $plugin) = $argv;
$story = json_decode(stream_get_contents(STDIN), true);
$shop = new Shop();
foreach ($story['shop'] as $name => $value) {
    $shop->$name = is_array($shop->$name) ? $value + $shop->$name : $value;
}
require __DIR__ . '/wordpress.php';
require __DIR__ . '/acts.php';
$shop->user = new WP_User();
if ($shop->version) {
    define('WC_VERSION', $shop->version);
    require __DIR__ . '/woocommerce.php';
    $shop->woocommerce = new WooCommerce();
    if (!$shop->admin) {
        $shop->woocommerce->cart = new WC_Cart();
        $shop->woocommerce->session = new WC_Session();
    }
}
$_GET = $_COOKIE = [];
require "$plugin/wordmouth.php";
foreach (['before_woocommerce_init', 'plugins_loaded', 'init'] as $hook) {
    do_action($hook);
}
if ($shop->admin) {
    do_action('admin_menu');
    do_action('admin_init');
}
$said = [];
foreach ($story['acts'] as $act) {
    $said[] = call_user_func_array(['Acts', array_shift($act)], $act);
}
echo json_encode([
    'said' => $said,
    'cookies' => $shop->cookies,
    'orders' => $shop->orders,
    'coupons' => $shop->woocommerce && $shop->woocommerce->cart ? $shop->woocommerce->cart->applied : [],
    'notices' => $shop->notices,
    'options' => $shop->options,
    'others' => $shop->others,
    'refused' => $shop->refused,
    'asked' => $shop->asked,
    'declared' => $shop->declared,
    'texts' => $shop->texts,
    'hooks' => array_keys($shop->hooks),
], JSON_THROW_ON_ERROR);
