<?php

namespace Wordmouth\Shop;

/**
 * The one way in: signed requests of the engine about its coupons.
 */
final class CouponEndpoint
{
    const LONGEST_BODY = 65536;
    const VERBS = ['coupon.issue', 'coupon.lookup', 'coupon.revoke'];

    /**
     * Answer a request.
     *
     * @param Settings $settings
     * @param string[] $headers by their names in lower case
     * @param string $body
     *
     * @return array the HTTP status and the content of the answer
     */
    public static function answer(Settings $settings, array $headers, $body)
    {
        try {
            return [200, self::carryOut($settings, $headers, $body)];
        } catch (Problem $problem) {
            return [$problem->status, $problem->content()];
        } catch (\Throwable $error) {
            Shops::log($error, 'answering about a coupon');
            $problem = new Problem(500, 'failed', 'the shop failed; its log says why');

            return [$problem->status, $problem->content()];
        }
    }

    /**
     * The headers and the body of the request that is being answered.
     *
     * @return array
     */
    public static function request()
    {
        $headers = [];
        foreach (['webhook-id', 'webhook-timestamp', 'webhook-signature'] as $name) {
            $variable = 'HTTP_' . strtoupper(str_replace('-', '_', $name));
            $headers[$name] = isset($_SERVER[$variable]) ? (string) $_SERVER[$variable] : '';
        }
        $body = file_get_contents('php://input', false, null, 0, self::LONGEST_BODY + 1);

        return [$headers, (string) $body];
    }

    private static function carryOut(Settings $settings, array $headers, $body)
    {
        if (!$settings->isConnected()) {
            $detail = 'this shop is not connected to a referral engine';
            throw new Problem(503, 'not_connected', $detail);
        }
        if (strlen($body) > self::LONGEST_BODY) {
            $detail = 'a request has at most ' . self::LONGEST_BODY . ' bytes';
            throw new Problem(413, 'too_large', $detail);
        }
        Signing::verify($settings->keys(), $headers, $body, time());
        $content = json_decode($body, true, 20);
        if (!is_array($content)) {
            throw new Problem(400, 'invalid_json', 'the body must be a JSON object in UTF-8');
        }
        $verb = isset($content['type']) ? $content['type'] : null;
        if (!in_array($verb, self::VERBS, true)) {
            $detail = 'type must be one of ' . implode(', ', self::VERBS);
            throw new Problem(400, 'unknown_type', $detail);
        }
        if (!isset($content['data']) || !is_array($content['data'])) {
            throw new Problem(400, 'invalid_coupon', 'data must be an object');
        }
        if ($verb === 'coupon.issue') {
            return Coupons::issue(CouponTerms::read($content['data']));
        }
        $code = CouponTerms::code($content['data']);

        return $verb === 'coupon.lookup' ? Coupons::lookup($code) : Coupons::revoke($code);
    }
}
