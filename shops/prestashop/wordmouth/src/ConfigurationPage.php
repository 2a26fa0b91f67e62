<?php

namespace Wordmouth\Shop;

/**
 * The page in the back office: what was entered, whether it works, and what is waiting.
 */
final class ConfigurationPage
{
    /** Everything that the module keeps in the shop's configuration. */
    const NAMES = [
        'WORDMOUTH_URL', 'WORDMOUTH_STORE_ID', 'WORDMOUTH_STORE_SLUG', 'WORDMOUTH_SECRET',
        'WORDMOUTH_TEST', 'WORDMOUTH_PRODUCTS', 'WORDMOUTH_WIDGET', 'WORDMOUTH_COOKIE_DAYS',
        'WORDMOUTH_STATES_DELIVERED', 'WORDMOUTH_STATES_CANCELLED', 'WORDMOUTH_STATES_CHARGED_BACK',
        'WORDMOUTH_CRON_TOKEN', Flusher::PAUSED, History::CURSOR, Sweep::SEEN,
    ];
    const TEXTS = ['URL', 'STORE_ID', 'STORE_SLUG', 'SECRET', 'COOKIE_DAYS'];
    const SWITCHES = ['TEST', 'PRODUCTS', 'WIDGET'];
    const STATES = ['DELIVERED', 'CANCELLED', 'CHARGED_BACK'];
    const LONGEST_DAYS = 400;

    /** @var \Module */
    private $module;

    /**
     * @param \Module $module
     */
    public function __construct($module)
    {
        $this->module = $module;
    }

    /**
     * Do what was asked for, and show the page.
     *
     * @return string
     */
    public function answer()
    {
        $said = '';
        if (\Tools::isSubmit('submitWordmouth')) {
            $said = $this->save();
        } elseif (\Tools::isSubmit('testWordmouth')) {
            $said = $this->test();
        } elseif (\Tools::isSubmit('historyWordmouth')) {
            $said = $this->startHistory();
        }

        return $said . $this->status() . $this->form();
    }

    private function save()
    {
        $entered = [];
        foreach (array_merge(self::TEXTS, self::SWITCHES) as $name) {
            $entered[$name] = trim((string) \Tools::getValue('WORDMOUTH_' . $name));
        }
        if ($entered['SECRET'] === '') {
            // A password field shows nothing: left empty it means the one that is there.
            $entered['SECRET'] = (string) \Configuration::get('WORDMOUTH_SECRET');
        }
        $problems = $this->problems($entered);
        if ($problems) {
            return $this->module->displayError(implode('<br>', array_map([$this, 'plain'], $problems)));
        }
        foreach ($entered as $name => $value) {
            \Configuration::updateValue('WORDMOUTH_' . $name, $value);
        }
        foreach (self::STATES as $name) {
            $chosen = (array) \Tools::getValue('WORDMOUTH_STATES_' . $name, []);
            $ids = array_filter(array_map('intval', $chosen));
            \Configuration::updateValue('WORDMOUTH_STATES_' . $name, implode(',', $ids));
        }

        return $this->module->displayConfirmation($this->module->l('Saved.', 'configurationpage'));
    }

    private function problems(array $entered)
    {
        $settings = new Settings();
        $settings->url = rtrim($entered['URL'], '/');
        $settings->storeId = $entered['STORE_ID'];
        $settings->storeSlug = $entered['STORE_SLUG'];
        $settings->secrets = preg_split('/\s+/', $entered['SECRET'], -1, PREG_SPLIT_NO_EMPTY);
        $problems = (new ConnectionTest($this->module))->missing($settings);
        $days = $entered['COOKIE_DAYS'];
        if ($days !== '' && (!ctype_digit($days) || $days < 1 || $days > self::LONGEST_DAYS)) {
            $words = $this->module->l('A visit is remembered for 1 to %d days.', 'configurationpage');
            $problems[] = sprintf($words, self::LONGEST_DAYS);
        }

        return $problems;
    }

    private function test()
    {
        $problems = (new ConnectionTest($this->module))->run(Settings::of());
        if ($problems) {
            return $this->module->displayError(implode('<br>', array_map([$this, 'plain'], $problems)));
        }
        $words = $this->module->l('The engine answers and knows this shop.', 'configurationpage');

        return $this->module->displayConfirmation($words);
    }

    private function startHistory()
    {
        if (!Settings::of()->isConnected()) {
            $words = $this->module->l('Connect the shop first.', 'configurationpage');

            return $this->module->displayError($words);
        }
        History::start();
        $words = $this->module->l('The past is told by the cron job, behind everything new.', 'configurationpage');

        return $this->module->displayConfirmation($words);
    }

    private function status()
    {
        $context = \Context::getContext();
        $token = (string) \Configuration::getGlobalValue('WORDMOUTH_CRON_TOKEN');
        $link = Shops::link();
        $context->smarty->assign([
            'wordmouth_connected' => Settings::of()->isConnected(),
            'wordmouth_status' => Outbox::status(),
            'wordmouth_history' => History::progress(),
            'wordmouth_coupons' => $link->getModuleLink('wordmouth', 'coupons', [], true),
            'wordmouth_cron' => $link->getModuleLink('wordmouth', 'cron', ['token' => $token], true),
            'wordmouth_cli' => dirname(__DIR__) . '/bin/wordmouth.php',
            'wordmouth_action' => $this->action(),
        ]);

        return $this->module->display(
            dirname(__DIR__) . '/wordmouth.php',
            'views/templates/admin/status.tpl'
        );
    }

    private function form()
    {
        $helper = new \HelperForm();
        $helper->module = $this->module;
        $helper->identifier = 'id_module';
        $helper->submit_action = 'submitWordmouth';
        $helper->currentIndex = $this->action(false);
        $helper->token = \Tools::getAdminTokenLite('AdminModules');
        $helper->default_form_language = (int) \Configuration::get('PS_LANG_DEFAULT');
        $helper->fields_value = $this->values();

        return $helper->generateForm([['form' => [
            'legend' => ['title' => $this->module->l('Connection', 'configurationpage')],
            'input' => array_merge($this->texts(), $this->switches(), $this->stateLists()),
            'submit' => ['title' => $this->module->l('Save', 'configurationpage')],
        ]]]);
    }

    private function texts()
    {
        $labels = [
            'URL' => $this->module->l('Address of the engine, such as https://refer.example.com', 'configurationpage'),
            'STORE_ID' => $this->module->l('Store id (str_...)', 'configurationpage'),
            'STORE_SLUG' => $this->module->l('Slug of the store; without it no invitation is shown', 'configurationpage'),
            'SECRET' => $this->module->l('Secret (whsec_...); empty: as it is', 'configurationpage'),
            'COOKIE_DAYS' => $this->module->l('Days for which a visit from a friend is remembered', 'configurationpage'),
        ];
        $inputs = [];
        foreach ($labels as $name => $label) {
            $inputs[] = [
                'type' => $name === 'SECRET' ? 'password' : 'text',
                'name' => 'WORDMOUTH_' . $name,
                'label' => $label,
                'required' => in_array($name, ['URL', 'STORE_ID'], true),
            ];
        }

        return $inputs;
    }

    private function switches()
    {
        $labels = [
            'TEST' => $this->module->l('The orders of this shop are tests', 'configurationpage'),
            'PRODUCTS' => $this->module->l('Tell products', 'configurationpage'),
            'WIDGET' => $this->module->l('Show the widget', 'configurationpage'),
        ];
        $inputs = [];
        foreach ($labels as $name => $label) {
            $inputs[] = [
                'type' => 'switch',
                'name' => 'WORDMOUTH_' . $name,
                'label' => $label,
                'is_bool' => true,
                'values' => [
                    ['id' => $name . '_on', 'value' => 1, 'label' => $this->module->l('Yes', 'configurationpage')],
                    ['id' => $name . '_off', 'value' => 0, 'label' => $this->module->l('No', 'configurationpage')],
                ],
            ];
        }

        return $inputs;
    }

    private function stateLists()
    {
        $labels = [
            'DELIVERED' => $this->module->l('States that mean: delivered', 'configurationpage'),
            'CANCELLED' => $this->module->l('States that mean: cancelled', 'configurationpage'),
            'CHARGED_BACK' => $this->module->l('States that mean: charged back by the bank', 'configurationpage'),
        ];
        $states = \OrderState::getOrderStates((int) \Context::getContext()->language->id);
        $inputs = [];
        foreach ($labels as $name => $label) {
            $inputs[] = [
                'type' => 'select',
                'multiple' => true,
                'name' => 'WORDMOUTH_STATES_' . $name . '[]',
                'label' => $label,
                'options' => ['query' => $states, 'id' => 'id_order_state', 'name' => 'name'],
            ];
        }

        return $inputs;
    }

    private function values()
    {
        $settings = Settings::of();
        $values = [
            'WORDMOUTH_URL' => $settings->url,
            'WORDMOUTH_STORE_ID' => $settings->storeId,
            'WORDMOUTH_STORE_SLUG' => $settings->storeSlug,
            'WORDMOUTH_SECRET' => '',
            'WORDMOUTH_COOKIE_DAYS' => $settings->cookieDays,
            'WORDMOUTH_TEST' => (int) $settings->isTest,
            'WORDMOUTH_PRODUCTS' => (int) $settings->tellsProducts,
            'WORDMOUTH_WIDGET' => (int) $settings->showsWidget,
        ];
        foreach (self::STATES as $name) {
            $values['WORDMOUTH_STATES_' . $name . '[]'] = $settings->states($name);
        }

        return $values;
    }

    private function action($withToken = true)
    {
        $address = \AdminController::$currentIndex . '&configure=' . $this->module->name;

        return $withToken ? $address . '&token=' . \Tools::getAdminTokenLite('AdminModules') : $address;
    }

    private function plain($text)
    {
        return htmlspecialchars($text, ENT_QUOTES, 'UTF-8');
    }
}
