<?php
/**
 * What is around the shop's objects: configuration, hooks, modules, pages.
 */
class PrestaShopException extends Exception
{
}

class Configuration
{
    private static $known;

    public static function get($name, $idLang = null, $idShopGroup = null, $idShop = null, $default = false)
    {
        self::load();
        foreach ([(int) $idShop, 0] as $shop) {
            if (isset(self::$known["$shop $name"])) {
                return self::$known["$shop $name"];
            }
        }

        return $default;
    }

    public static function getGlobalValue($name, $idLang = null)
    {
        return self::get($name);
    }

    /** Throws away what looks like a tag, unless told that it is wanted. */
    public static function updateValue($name, $value, $html = false, $idShopGroup = null, $idShop = null)
    {
        self::load();
        $value = $html ? (string) $value : strip_tags((string) $value);
        self::$known[(int) $idShop . " $name"] = $value;
        Db::getInstance()->execute(
            'DELETE FROM ' . _DB_PREFIX_ . "configuration WHERE name = '$name' AND id_shop = " . (int) $idShop
        );
        $row = ['name' => $name, 'value' => $value, 'id_shop' => (int) $idShop];

        return Db::getInstance()->insert('configuration', $row);
    }

    public static function updateGlobalValue($name, $value, $html = false)
    {
        return self::updateValue($name, $value, $html);
    }

    public static function deleteByName($name)
    {
        unset(self::$known["0 $name"]);

        return Db::getInstance()->execute('DELETE FROM ' . _DB_PREFIX_ . "configuration WHERE name = '$name'");
    }

    private static function load()
    {
        if (self::$known === null) {
            self::$known = [];
            $rows = Db::getInstance()->executeS('SELECT * FROM ' . _DB_PREFIX_ . 'configuration', true, false);
            foreach ($rows ?: [] as $row) {
                self::$known[(int) $row['id_shop'] . ' ' . $row['name']] = $row['value'];
            }
        }
    }
}

#[AllowDynamicProperties]
class Context
{
    private static $instance;
    public $shop;
    public $cart;
    public $customer;
    public $language;
    public $smarty;
    public $controller;

    public static function getContext()
    {
        if (!self::$instance) {
            self::$instance = new self();
            self::$instance->shop = (object) ['id' => 1];
            self::$instance->language = (object) ['id' => 1];
            self::$instance->smarty = new ShopSmarty();
        }

        return self::$instance;
    }
}

class ShopSmarty
{
    public $told = [];

    public function assign(array $values)
    {
        $this->told = $values + $this->told;
    }
}

class Shop
{
    const CONTEXT_ALL = 4;

    public static function isFeatureActive()
    {
        return false;
    }

    public static function setContext($context)
    {
    }
}

class Tools
{
    public static function getRemoteAddr()
    {
        return $_SERVER['REMOTE_ADDR'];
    }

    public static function usingSecureMode()
    {
        return isset($_SERVER['HTTP_X_FORWARDED_PROTO']) && $_SERVER['HTTP_X_FORWARDED_PROTO'] === 'https';
    }

    public static function getValue($name, $default = false)
    {
        return isset($_POST[$name]) ? $_POST[$name] : (isset($_GET[$name]) ? $_GET[$name] : $default);
    }

    public static function isSubmit($name)
    {
        return isset($_POST[$name]);
    }

    public static function getAdminTokenLite($tab)
    {
        return 'admin-token';
    }
}

class Validate
{
    public static function isLoadedObject($object)
    {
        return is_object($object) && !empty($object->id);
    }
}

class PrestaShopLogger
{
    /** Refuses what looks like code. */
    public static function addLog($message, $severity = 1)
    {
        if (preg_match('/[<>{}]/', $message) || Configuration::get('LOG_IS_BROKEN')) {
            throw new PrestaShopException('Property PrestaShopLogger->message is not valid');
        }

        return Db::getInstance()->insert('log', ['severity' => $severity, 'message' => $message]);
    }
}

class Hook
{
    public static function exec($name, array $params = [])
    {
        $rows = Db::getInstance()->executeS(
            'SELECT hook FROM ' . _DB_PREFIX_ . "hook_module WHERE hook = '" . strtolower($name) . "'",
            true,
            false
        );
        $module = Module::getInstanceByName('wordmouth');
        // Methods are found whatever their capitals.
        if (!$rows || !is_callable([$module, "hook$name"])) {
            return '';
        }

        return (string) $module->{"hook$name"}($params + ['cart' => Context::getContext()->cart]);
    }
}

abstract class Module
{
    public $name;
    public $tab;
    public $version;
    public $author;
    public $need_instance;
    public $bootstrap;
    public $ps_versions_compliancy;
    public $displayName;
    public $description;
    public $confirmUninstall;
    public $context;

    public function __construct()
    {
        $this->context = Context::getContext();
    }

    public static function getInstanceByName($name)
    {
        static $instance;
        require_once SHOP_MODULE . '/wordmouth.php';

        return $instance = $instance ?: new Wordmouth();
    }

    public function install()
    {
        return true;
    }

    public function uninstall()
    {
        return Db::getInstance()->execute('DELETE FROM ' . _DB_PREFIX_ . 'hook_module');
    }

    public function registerHook($name)
    {
        return Db::getInstance()->insert('hook_module', ['id_module' => 1, 'hook' => strtolower($name)]);
    }

    public function isRegisteredInHook($name)
    {
        return (bool) Db::getInstance()->executeS(
            'SELECT hook FROM ' . _DB_PREFIX_ . "hook_module WHERE hook = '" . strtolower($name) . "'",
            true,
            false
        );
    }

    /** Gives texts ready for a page. */
    public function l($text, $specific = false)
    {
        return htmlspecialchars($text, ENT_COMPAT, 'UTF-8');
    }

    /** Shows what a template is given instead of the template. */
    public function display($file, $template)
    {
        if (!is_file(dirname($file) . '/' . $template)) {
            throw new PrestaShopException("there is no template $template");
        }

        return json_encode(['template' => $template] + $this->context->smarty->told) . "\n";
    }

    public function displayError($words)
    {
        return json_encode(['error' => $words]) . "\n";
    }

    public function displayConfirmation($words)
    {
        return json_encode(['confirmation' => $words]) . "\n";
    }
}

class Link
{
    public function getModuleLink($module, $controller, array $params = [], $ssl = null)
    {
        $query = $params ? '?' . http_build_query($params) : '';

        return "https://shop.example/module/$module/$controller$query";
    }

    public function getProductLink($product)
    {
        return "https://shop.example/{$product->id}-{$product->link_rewrite}.html";
    }

    public function getImageLink($name, $ids)
    {
        // Older shops leave the protocol out.
        return (SHOP_IS_THIRTYBEES ? '' : 'https://') . "shop.example/$ids/$name.jpg";
    }
}

class AdminController
{
    public static $currentIndex = 'index.php?controller=AdminModules';
}

#[AllowDynamicProperties]
class HelperForm
{
    public function generateForm(array $forms)
    {
        return json_encode(['form' => $forms[0]['form'], 'values' => $this->fields_value]) . "\n";
    }
}

class ModuleFrontController
{
    public $ssl = false;
    public $ajax = false;
    public $php_self = '';

    public function run()
    {
        $this->displayMaintenancePage();
        $this->postProcess();
    }

    protected function displayMaintenancePage()
    {
        if (Configuration::get('MAINTENANCE')) {
            http_response_code(503);
            exit('We will be back soon.');
        }
    }

    protected function displayRestrictedCountryPage()
    {
    }
}
