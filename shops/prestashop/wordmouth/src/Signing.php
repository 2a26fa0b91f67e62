<?php

namespace Wordmouth\Shop;

/**
 * Signatures: Standard Webhooks for what is sent and received, and the customer token.
 */
final class Signing
{
    const SECRET_PREFIX = 'whsec_';
    const TOLERANCE_SECONDS = 300;

    /**
     * The key inside a secret; empty if it is not `whsec_` followed by base64.
     *
     * @param string $secret
     *
     * @return string
     */
    public static function key($secret)
    {
        if (strncmp($secret, self::SECRET_PREFIX, strlen(self::SECRET_PREFIX)) !== 0) {
            return '';
        }

        return (string) base64_decode(substr($secret, strlen(self::SECRET_PREFIX)), true);
    }

    /**
     * The three headers of a message, each a line of its own.
     *
     * @param string $key
     * @param string $id names the message
     * @param int $timestamp unix seconds
     * @param string $body
     *
     * @return string[]
     */
    public static function headers($key, $id, $timestamp, $body)
    {
        return [
            'webhook-id: ' . $id,
            'webhook-timestamp: ' . $timestamp,
            'webhook-signature: ' . self::signature($key, $id, $timestamp, $body),
        ];
    }

    /**
     * Check the signature over the raw body; any of the keys may have made it.
     *
     * @param string[] $keys
     * @param string[] $headers webhook-id, webhook-timestamp and webhook-signature
     * @param string $body
     * @param int $now unix seconds
     *
     * @throws Problem 401 with the reason: a header is missing, the moment is more than 300
     *                 seconds away, or no signature fits
     */
    public static function verify(array $keys, array $headers, $body, $now)
    {
        list($id, $sentAt, $given) = [
            self::header($headers, 'webhook-id'),
            self::header($headers, 'webhook-timestamp'),
            self::header($headers, 'webhook-signature'),
        ];
        if ($id === '' || $sentAt === '' || $given === '') {
            $detail = 'webhook-id, webhook-timestamp and webhook-signature are required';
            throw new Problem(401, 'bad_signature', $detail);
        }
        if (!preg_match('/^[0-9]{1,12}$/D', $sentAt)) {
            throw new Problem(401, 'bad_signature', 'webhook-timestamp must be unix seconds');
        }
        if (abs($now - (int) $sentAt) > self::TOLERANCE_SECONDS) {
            $detail = 'webhook-timestamp is more than ' . self::TOLERANCE_SECONDS . ' seconds away';
            throw new Problem(401, 'bad_signature', $detail);
        }
        foreach (explode(' ', $given) as $one) {
            foreach ($keys as $key) {
                if (hash_equals(self::signature($key, $id, $sentAt, $body), $one)) {
                    return;
                }
            }
        }
        throw new Problem(401, 'bad_signature', 'no signature fits the message');
    }

    /**
     * A token by which the engine knows this shop's customer without a mail.
     *
     * @param string $key
     * @param array $claims email, id, first_name, last_name, locale and iat (unix seconds)
     *
     * @return string
     */
    public static function customerToken($key, array $claims)
    {
        $payload = self::base64url(Text::json($claims));
        $digest = hash_hmac('sha256', 'wm-customer.' . $payload, $key, true);

        return $payload . '.' . self::base64url($digest);
    }

    private static function signature($key, $id, $timestamp, $body)
    {
        $digest = hash_hmac('sha256', $id . '.' . $timestamp . '.' . $body, $key, true);

        return 'v1,' . base64_encode($digest);
    }

    private static function header(array $headers, $name)
    {
        return isset($headers[$name]) ? trim((string) $headers[$name]) : '';
    }

    private static function base64url($raw)
    {
        return rtrim(strtr(base64_encode($raw), '+/', '-_'), '=');
    }
}
