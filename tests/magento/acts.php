<?php

/**
 * What happens in the stand-in of a shop: a JSON list of acts on the standard input, one after the
 * other in one process; what they gave on the standard output.
 */

require __DIR__ . '/standin.php';

$module = getenv('SHOP_MODULE');
spl_autoload_register(function (string $class) use ($module) {
    $prefix = 'Wordmouth\\Referrals\\';
    if (str_starts_with($class, $prefix)) {
        require $module . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
    }
});

$db = new PDO('sqlite:' . getenv('SHOP_DB'), null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$adapter = new Shop\Adapter($db);
$log = new Shop\Log();
$settings = new Wordmouth\Referrals\Model\Settings(
    new Shop\Config([
        'wordmouth/connection/address' => getenv('SHOP_TELLS') ?: null,
        'wordmouth/connection/secret' => strrev(getenv('SHOP_SECRET') ?: ''),
    ]),
    new Shop\Encryptor()
);
$outbox = new Wordmouth\Referrals\Model\Outbox(new Magento\Framework\App\ResourceConnection($adapter));
$messenger = new Wordmouth\Referrals\Model\Messenger(
    new Magento\Framework\HTTP\Client\CurlFactory(),
    $settings
);

$acts = [
    'install' => function () use ($adapter) {
        $adapter->run(
            'CREATE TABLE shop_wordmouth_outbox (kind TEXT, object_id INTEGER, mark TEXT,'
            . ' due_at INTEGER, attempts INTEGER DEFAULT 0, PRIMARY KEY (kind, object_id))'
        );
    },
    'happens' => function (string $what, array $data) use ($outbox, $settings, $log) {
        $observer = new Wordmouth\Referrals\Observer\NoteChange($outbox, $settings, $log);
        $event = new Magento\Framework\Event([$what => new Magento\Framework\DataObject($data)]);
        $observer->execute(new Magento\Framework\Event\Observer($event));
    },
    'cron' => function () use ($outbox, $messenger, $log) {
        (new Wordmouth\Referrals\Cron\Send($outbox, $messenger, $log))->execute();
    },
    'rows' => fn () => $adapter->fetchAll('SELECT * FROM shop_wordmouth_outbox ORDER BY object_id'),
    'ripen' => fn () => $adapter->run('UPDATE shop_wordmouth_outbox SET due_at = 0')->rowCount(),
    'log' => fn () => $log->lines,
    'buys' => function (array $cookies) {
        $order = new Shop\Order();
        $event = new Magento\Framework\Event(['order' => $order]);
        $observer = new Wordmouth\Referrals\Observer\KeepVisit(new Shop\Cookies($cookies));
        $observer->execute(new Magento\Framework\Event\Observer($event));
        $factory = new Magento\Sales\Api\Data\OrderExtensionFactory();
        $plugin = new Wordmouth\Referrals\Plugin\TellVisit($factory);
        $plugin->afterGetList(new Shop\Orders(), new Shop\Found([$order]));
        $listed = $order->getExtensionAttributes()?->token;
        $order->setExtensionAttributes(null);
        $plugin->afterGet(new Shop\Orders(), $order);

        return [$listed, $order->getExtensionAttributes()?->token];
    },
    'puts' => function (array $cookies, string $coupon) {
        $cart = new Shop\Cart($coupon);
        $event = new Magento\Framework\Event(['quote_item' => new Shop\CartItem($cart)]);
        $observer = new Wordmouth\Referrals\Observer\PutCoupon(new Shop\Cookies($cookies));
        $observer->execute(new Magento\Framework\Event\Observer($event));

        return $cart->getCouponCode();
    },
];

$given = [];
foreach (json_decode(stream_get_contents(STDIN), true) as [$act, $told]) {
    $given[] = $acts[$act](...$told);
}
echo json_encode($given);
