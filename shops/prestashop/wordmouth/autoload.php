<?php
/**
 * Finds the classes of this module, `Wordmouth\Shop\*`, in its folder `src`.
 *
 * A loader of its own, as the module folder is all that a shop gets: there is no Composer there.
 */
if (!defined('_PS_VERSION_')) {
    exit;
}

spl_autoload_register(function ($class) {
    $prefix = 'Wordmouth\\Shop\\';
    if (strncmp($class, $prefix, strlen($prefix)) === 0) {
        $file = __DIR__ . '/src/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
        if (is_file($file)) {
            require_once $file;
        }
    }
});
