<?php
/**
 * The stand-in as a server: pages for customers, the module's own addresses, and `/act/VERB`,
 * by which a test does what staff or the shop's programs do.
 */
require __DIR__ . '/config/config.inc.php';
require __DIR__ . '/acts.php';

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$context = Context::getContext();
if (strpos($path, '/act/') === 0) {
    $asked = json_decode(file_get_contents('php://input'), true) ?: [];
    header('Content-Type: application/json');
    echo json_encode(ShopActs::carryOut(substr($path, 5), $asked));
    exit;
}
if (isset($_GET['cart'])) {
    $context->cart = new Cart((int) $_GET['cart']);
    $context->customer = new Customer((int) $context->cart->id_customer);
}
if (preg_match('~^/module/wordmouth/(\w+)$~', $path, $found)) {
    Module::getInstanceByName('wordmouth');
    require SHOP_MODULE . "/controllers/front/$found[1].php";
    $class = 'Wordmouth' . ucfirst($found[1]) . 'ModuleFrontController';
    $context->controller = new $class();
    Hook::exec('actionDispatcher');
    $context->controller->run();
    exit;
}
$context->controller = new ShopPage(trim($path, '/') ?: 'index');
Hook::exec('actionDispatcher');
Hook::exec('actionFrontControllerSetMedia');
echo Hook::exec('displayHeader');
if ($path === '/order-confirmation') {
    $order = new Order((int) $_GET['order']);
    echo Hook::exec('displayOrderConfirmation', SHOP_IS_THIRTYBEES
        ? ['total_to_pay' => 1, 'currency' => '€', 'objOrder' => $order, 'currencyObj' => new Currency(1)]
        : ['order' => $order]);
} elseif ($path === '/my-account') {
    echo Hook::exec('displayCustomerAccount');
}
