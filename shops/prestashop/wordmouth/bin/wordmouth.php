<?php
/**
 * The module on the command line: php modules/wordmouth/bin/wordmouth.php flush|history|status
 */
if (PHP_SAPI !== 'cli') {
    http_response_code(403);
    exit;
}

/** Seconds for which one call may send; a cron job comes again. */
const WORDMOUTH_FLUSH_SECONDS = 50;

// A module folder may be a link into a checkout: the path that was called leads to the shop.
$called = getenv('WORDMOUTH_SHOP') ?: dirname($_SERVER['SCRIPT_FILENAME'], 4);
$shop = is_file($called . '/config/config.inc.php') ? $called : dirname(__DIR__, 3);
if (!is_file($shop . '/config/config.inc.php')) {
    fwrite(STDERR, "There is no shop at $shop; name its folder in WORDMOUTH_SHOP.\n");
    exit(2);
}
require $shop . '/config/config.inc.php';
require_once dirname(__DIR__) . '/autoload.php';

$verb = isset($argv[1]) ? $argv[1] : '';
if ($verb === 'status') {
    $told = Wordmouth\Shop\Outbox::status();
    $status = 200;
} elseif ($verb === 'flush') {
    list($status, $told) = Wordmouth\Shop\Cron::run(WORDMOUTH_FLUSH_SECONDS);
} elseif ($verb === 'history') {
    if (!Wordmouth\Shop\History::progress() || in_array('--restart', $argv, true)) {
        fwrite(STDERR, Wordmouth\Shop\History::start() . " to tell\n");
    }
    $shown = 0;
    list($status, $told) = Wordmouth\Shop\Cron::run(PHP_INT_MAX, function ($flusher) use (&$shown) {
        if (time() > $shown) {
            $shown = time();
            fwrite(STDERR, $flusher->sent . " sent\n");
        }
    });
} else {
    fwrite(STDERR, "usage: php wordmouth.php flush | history [--restart] | status\n");
    exit(2);
}
echo Wordmouth\Shop\Text::json($told), "\n";
exit($status === 200 ? 0 : 1);
