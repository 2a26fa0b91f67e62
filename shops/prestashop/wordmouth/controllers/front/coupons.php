<?php
/**
 * The address at which the engine makes, finds and revokes coupons.
 */
if (!defined('_PS_VERSION_')) {
    exit;
}

class WordmouthCouponsModuleFrontController extends ModuleFrontController
{
    /** @var bool */
    public $ssl = true;
    /** @var bool */
    public $ajax = true;

    /** Answer a signed request; there is no page. */
    public function postProcess()
    {
        $method = isset($_SERVER['REQUEST_METHOD']) ? $_SERVER['REQUEST_METHOD'] : '';
        list($headers, $body) = Wordmouth\Shop\CouponEndpoint::request();
        $settings = Wordmouth\Shop\Settings::of();
        list($status, $content) = $method === 'POST'
            ? Wordmouth\Shop\CouponEndpoint::answer($settings, $headers, $body)
            : [405, (new Wordmouth\Shop\Problem(405, 'method_not_allowed', 'send a POST'))->content()];
        while (ob_get_level()) {
            ob_end_clean();
        }
        http_response_code($status);
        header('Content-Type: application/' . ($status === 200 ? 'json' : 'problem+json'));
        header('Cache-Control: no-store');
        if ($status === 405) {
            header('Allow: POST');
        }
        if ($status === 503) {
            header('Retry-After: 5');
        }
        echo Wordmouth\Shop\Text::json($content);
        exit;
    }

    /** A shop in maintenance still keeps what it has promised. */
    protected function displayMaintenancePage()
    {
    }

    /** The engine may stand in a country to which the shop does not sell. */
    protected function displayRestrictedCountryPage()
    {
    }
}
