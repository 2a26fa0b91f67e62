<?php

namespace Wordmouth\Shop;

/**
 * The one way out: a signed POST to the engine.
 */
final class Client
{
    const CONNECT_SECONDS = 3;
    const LONGEST_ANSWER = 4096;

    /**
     * Send one snapshot. Fails with an answer, never with an error, whatever the network does.
     *
     * @param Settings $settings
     * @param string $messageId
     * @param array $content
     * @param int $seconds how long it may take in all
     *
     * @return Answer
     */
    public static function deliver(Settings $settings, $messageId, array $content, $seconds)
    {
        if (!function_exists('curl_init')) {
            return new Answer(0, 'this server has no curl for PHP');
        }
        try {
            $body = Text::json($content);
        } catch (\RuntimeException $error) {
            return new Answer(400, $error->getMessage());
        }
        $keys = $settings->keys();
        $headers = Signing::headers($keys[0], $messageId, time(), $body);
        $headers[] = 'content-type: application/json';
        // Else curl asks for permission first, and waits for it.
        $headers[] = 'expect:';

        return self::post($settings->deliveriesUrl(), $body, $headers, $seconds);
    }

    private static function post($url, $body, array $headers, $seconds)
    {
        $told = [];
        $text = '';
        $curl = curl_init();
        curl_setopt_array($curl, [
            CURLOPT_URL => $url,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_POST => true,
            CURLOPT_POSTFIELDS => $body,
            CURLOPT_HTTPHEADER => $headers,
            CURLOPT_CONNECTTIMEOUT => min(self::CONNECT_SECONDS, $seconds),
            CURLOPT_TIMEOUT => $seconds,
            CURLOPT_NOSIGNAL => true,
            CURLOPT_HEADERFUNCTION => function ($curl, $line) use (&$told) {
                $parts = explode(':', $line, 2);
                if (count($parts) === 2 && count($told) < 100) {
                    $told[strtolower(trim($parts[0]))] = trim($parts[1]);
                }

                return strlen($line);
            },
            CURLOPT_WRITEFUNCTION => function ($curl, $part) use (&$text) {
                $text = substr($text . $part, 0, self::LONGEST_ANSWER);

                return strlen($part);
            },
        ]);
        $worked = curl_exec($curl);
        $status = (int) curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        $error = $worked ? 0 : curl_errno($curl);
        $answer = $worked
            ? new Answer($status, self::plain($text), $told)
            : new Answer(0, curl_error($curl), $told, $error);
        curl_close($curl);

        return $answer;
    }

    /** What the engine says, which is a problem document where it refuses. */
    private static function plain($text)
    {
        $content = json_decode($text, true);
        if (is_array($content) && isset($content['detail']) && is_string($content['detail'])) {
            return $content['detail'];
        }

        return trim(strip_tags($text));
    }
}
