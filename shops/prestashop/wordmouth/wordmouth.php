<?php
/**
 * Wordmouth: happy customers bring their friends, and both are rewarded.
 *
 * Connects a shop on thirty bees or PrestaShop 1.6 to 8 with a Wordmouth referral engine.
 * PrestaShop 1.6 reads this file by putting it into a block of its own, where neither `namespace`
 * nor `use` may stand: all other code is in `src`.
 *
 * @license AFL-3.0
 */
if (!defined('_PS_VERSION_')) {
    exit;
}

require_once __DIR__ . '/autoload.php';

class Wordmouth extends Module
{
    /** @var string the versions of thirty bees that this module is made for */
    public $tb_versions_compliancy = '>= 1.0.0';

    /**
     * What the module listens to. Object hooks fire wherever something is stored: in the front
     * office, in the back office and by the webservice; the older hooks each miss one of these.
     */
    const HOOKS = [
        'actionValidateOrder',
        'actionPaymentConfirmation',
        'actionOrderStatusPostUpdate',
        'actionObjectOrderUpdateAfter',
        'actionObjectOrderHistoryAddAfter',
        'actionObjectOrderSlipAddAfter',
        'actionObjectOrderDetailAddAfter',
        'actionObjectOrderDetailUpdateAfter',
        'actionObjectOrderDetailDeleteAfter',
        'actionObjectOrderCartRuleAddAfter',
        'actionObjectOrderCartRuleUpdateAfter',
        'actionObjectCustomerAddAfter',
        'actionObjectCustomerUpdateAfter',
        'actionObjectProductAddAfter',
        'actionObjectProductUpdateAfter',
        'actionDispatcher',
        'actionFrontControllerSetMedia',
        'displayHeader',
        'displayOrderConfirmation',
        'displayCustomerAccount',
    ];

    /** @var bool whether this process already sends at its end */
    private static $sendsAtEnd = false;

    public function __construct()
    {
        $this->name = 'wordmouth';
        $this->tab = 'advertising_marketing';
        $this->version = '1.0.0';
        $this->author = 'Wordmouth';
        $this->need_instance = 0;
        $this->bootstrap = true;
        $this->ps_versions_compliancy = ['min' => '1.6.0.0', 'max' => '8.99.99'];
        parent::__construct();
        $this->displayName = $this->l('Wordmouth: recommend a friend');
        $this->description = $this->l('Customers recommend your shop to their friends, and both are rewarded.');
        $this->confirmUninstall = $this->l('Orders will no longer be told to the referral engine. Go on?');
    }

    /**
     * @return bool
     */
    public function install()
    {
        if (Shop::isFeatureActive()) {
            Shop::setContext(Shop::CONTEXT_ALL);
        }

        return parent::install() && $this->bringUp();
    }

    /**
     * Make what this version needs and an older one may lack; upgrades call it too.
     *
     * @return bool
     */
    public function bringUp()
    {
        Wordmouth\Shop\Tables::make();
        if (!Configuration::getGlobalValue('WORDMOUTH_CRON_TOKEN')) {
            Configuration::updateGlobalValue('WORDMOUTH_CRON_TOKEN', bin2hex(random_bytes(16)));
        }
        foreach (self::HOOKS as $hook) {
            if (!$this->isRegisteredInHook($hook) && !$this->registerHook($hook)) {
                return false;
            }
        }

        return true;
    }

    /**
     * @return bool
     */
    public function uninstall()
    {
        foreach (Wordmouth\Shop\ConfigurationPage::NAMES as $name) {
            Configuration::deleteByName($name);
        }
        Wordmouth\Shop\Tables::drop();

        return parent::uninstall();
    }

    /**
     * The page in the back office.
     *
     * @return string
     */
    public function getContent()
    {
        return (new Wordmouth\Shop\ConfigurationPage($this))->answer();
    }

    /** A new order, of which everything is stored but perhaps its state. */
    public function hookActionValidateOrder($params)
    {
        $this->noteOrder($params, 'order');
    }

    /** Fires before the state is stored: what is sent is read later. */
    public function hookActionPaymentConfirmation($params)
    {
        $this->noteOrder($params, 'id_order');
    }

    /** Fires before the history is stored; `order` is there in thirty bees only. */
    public function hookActionOrderStatusPostUpdate($params)
    {
        $this->noteOrder($params, 'id_order');
    }

    public function hookActionObjectOrderUpdateAfter($params)
    {
        $this->noteOrder($params, 'object');
    }

    public function hookActionObjectOrderHistoryAddAfter($params)
    {
        $this->noteOrder($params, 'part');
    }

    public function hookActionObjectOrderSlipAddAfter($params)
    {
        $this->noteOrder($params, 'part');
    }

    public function hookActionObjectOrderDetailAddAfter($params)
    {
        $this->noteOrder($params, 'part');
    }

    public function hookActionObjectOrderDetailUpdateAfter($params)
    {
        $this->noteOrder($params, 'part');
    }

    public function hookActionObjectOrderDetailDeleteAfter($params)
    {
        $this->noteOrder($params, 'part');
    }

    public function hookActionObjectOrderCartRuleAddAfter($params)
    {
        $this->noteOrder($params, 'part');
    }

    public function hookActionObjectOrderCartRuleUpdateAfter($params)
    {
        $this->noteOrder($params, 'part');
    }

    public function hookActionObjectCustomerAddAfter($params)
    {
        $this->noteObject(Wordmouth\Shop\Outbox::CUSTOMER, $params);
    }

    public function hookActionObjectCustomerUpdateAfter($params)
    {
        $this->noteObject(Wordmouth\Shop\Outbox::CUSTOMER, $params);
    }

    public function hookActionObjectProductAddAfter($params)
    {
        $this->noteObject(Wordmouth\Shop\Outbox::PRODUCT, $params);
    }

    public function hookActionObjectProductUpdateAfter($params)
    {
        $this->noteObject(Wordmouth\Shop\Outbox::PRODUCT, $params);
    }

    /** Before any page is made, and before a page that only sends on elsewhere. */
    public function hookActionDispatcher($params)
    {
        // Of the front office: the back office has an employee, and no friends.
        if (!defined('_PS_ADMIN_DIR_')) {
            $this->whenConnected(function ($settings) {
                Wordmouth\Shop\Visit::remember($settings);
            });
        }
    }

    /** The cart is known, and the page not yet made of it. */
    public function hookActionFrontControllerSetMedia($params)
    {
        $this->whenConnected(function () {
            Wordmouth\Shop\Pages::prepare($this->context);
        });
    }

    /** @return string */
    public function hookDisplayHeader($params)
    {
        return $this->whenConnected(function ($settings) {
            // Where the shop has no actionDispatcher, before PrestaShop 1.6.1.
            Wordmouth\Shop\Visit::remember($settings);
            if (!$settings->showsWidget) {
                return '';
            }
            $this->context->smarty->assign([
                'wordmouth_url' => $settings->url,
                'wordmouth_store' => $settings->storeId,
            ]);

            return $this->display(__FILE__, 'views/templates/hook/widget.tpl');
        });
    }

    /** @return string */
    public function hookDisplayOrderConfirmation($params)
    {
        return $this->whenConnected(function () use ($params) {
            $order = Wordmouth\Shop\Shops::confirmedOrder($params);
            if ($order === null) {
                return '';
            }

            return $this->invite(new Customer((int) $order->id_customer), (int) $order->id_shop, 'invite');
        });
    }

    /** @return string */
    public function hookDisplayCustomerAccount($params)
    {
        return $this->whenConnected(function () {
            return $this->invite($this->context->customer, Wordmouth\Shop\Shops::current(), 'account');
        });
    }

    private function invite($customer, $idShop, $template)
    {
        $settings = Wordmouth\Shop\Settings::of($idShop);
        $idLang = (int) $this->context->language->id;
        $url = Wordmouth\Shop\Invitation::url($settings, $customer, $idLang);
        if ($url === '') {
            return '';
        }
        $this->context->smarty->assign([
            'wordmouth_invitation' => $url,
            'wordmouth_modern' => Wordmouth\Shop\Shops::isModern(),
        ]);

        return $this->display(__FILE__, 'views/templates/hook/' . $template . '.tpl');
    }

    private function noteOrder($params, $from)
    {
        $this->whenConnected(function () use ($params, $from) {
            $order = Wordmouth\Shop\Pages::orderOf($params, $from);
            if ($order === null) {
                return;
            }
            // Staff who place an order for somebody bring no friend's visit, whatever they clicked on.
            if ($from === 'order' && !defined('_PS_ADMIN_DIR_')) {
                Wordmouth\Shop\Visit::keepLate((int) $order->id_cart);
            }
            $this->note(Wordmouth\Shop\Outbox::ORDER, (int) $order->id, (int) $order->id_shop);
        });
    }

    private function noteObject($kind, $params)
    {
        $this->whenConnected(function ($settings) use ($kind, $params) {
            $isProduct = $kind === Wordmouth\Shop\Outbox::PRODUCT;
            if (isset($params['object']->id) && (!$isProduct || $settings->tellsProducts)) {
                $object = $params['object'];
                $idShop = $isProduct ? $settings->idShop : (int) $object->id_shop;
                $this->note($kind, (int) $object->id, $idShop ?: $settings->idShop);
            }
        });
    }

    private function note($kind, $id, $idShop)
    {
        Wordmouth\Shop\Outbox::mark($kind, $id, $idShop);
        if (!self::$sendsAtEnd) {
            self::$sendsAtEnd = true;
            register_shutdown_function(['Wordmouth\Shop\Flusher', 'afterAnswer']);
        }
    }

    /** The shop goes on whatever happens here: a failure is written to its log. */
    private function whenConnected($work)
    {
        try {
            $settings = Wordmouth\Shop\Settings::of();

            return $settings->isConnected() ? (string) $work($settings) : '';
        } catch (Throwable $error) {
            Wordmouth\Shop\Shops::log($error, 'in a hook');

            return '';
        }
    }
}
