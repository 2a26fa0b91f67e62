<?php
/**
 * Starts the stand-in of a shop: what the module's programs include, as in a real shop.
 */
define('SHOP_IS_THIRTYBEES', getenv('SHOP_FLAVOUR') !== 'prestashop8');
define('SHOP_MODULE', getenv('SHOP_MODULE'));
// Thirty bees calls itself the last 1.6.
define('_PS_VERSION_', SHOP_IS_THIRTYBEES ? '1.6.1.999' : '8.1.5');

error_reporting(E_ALL & ~E_DEPRECATED);
set_error_handler(function ($level, $words, $file, $line) {
    throw new ErrorException($words, 0, $level, $file, $line);
}, E_ALL & ~E_DEPRECATED);

$shop = dirname(__DIR__);
require_once $shop . '/database.php';
require_once $shop . '/schema.php';
require_once $shop . '/frame.php';
require_once $shop . '/objects.php';
require_once $shop . '/purchase.php';
date_default_timezone_set(Configuration::get('PS_TIMEZONE') ?: 'UTC');

if (getenv('SHOP_FPM') && !function_exists('fastcgi_finish_request')) {
    /** The server can end an answer before the program ends. */
    function fastcgi_finish_request()
    {
        return true;
    }
}
