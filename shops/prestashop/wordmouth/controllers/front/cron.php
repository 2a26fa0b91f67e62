<?php
/**
 * The address that a cron job asks for, where the command line cannot be used.
 */
if (!defined('_PS_VERSION_')) {
    exit;
}

class WordmouthCronModuleFrontController extends ModuleFrontController
{
    /** Seconds; servers end what takes longer than 30. */
    const SECONDS = 20;

    /** @var bool */
    public $ssl = true;
    /** @var bool */
    public $ajax = true;

    /** Send what is due; there is no page. */
    public function postProcess()
    {
        while (ob_get_level()) {
            ob_end_clean();
        }
        header('Content-Type: application/json');
        header('Cache-Control: no-store');
        $token = (string) Configuration::getGlobalValue('WORDMOUTH_CRON_TOKEN');
        if ($token === '' || !hash_equals($token, (string) Tools::getValue('token'))) {
            http_response_code(403);
            echo '{"error": "the token is not that of the configuration page"}';
            exit;
        }
        list($status, $told) = Wordmouth\Shop\Cron::run(self::SECONDS);
        http_response_code($status);
        echo Wordmouth\Shop\Text::json($told);
        exit;
    }

    /** A shop in maintenance still tells. */
    protected function displayMaintenancePage()
    {
    }

    /** A service that calls cron jobs may stand anywhere. */
    protected function displayRestrictedCountryPage()
    {
    }
}
