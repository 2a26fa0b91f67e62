<?php

namespace Wordmouth\Shop;

/**
 * Tries the connection with a delivery that is true anyway, and says in words what is wrong.
 */
final class ConnectionTest
{
    const SECONDS = 10;
    /** A clock further off is told of, before it is so far off that the engine refuses. */
    const CLOCK_SECONDS = 60;

    /**
     * @param Settings $settings
     *
     * @return string[] what is wrong; empty if all is well
     */
    public static function run(Settings $settings)
    {
        $missing = self::missing($settings);
        if ($missing) {
            return $missing;
        }
        $content = self::delivery($settings);
        if ($content === null) {
            return ['There is no product and no order yet that could be sent. Add a product first.'];
        }
        $id = 'msg_test_' . bin2hex(random_bytes(12));
        $answer = Client::deliver($settings, $id, $content, self::SECONDS);
        $found = $answer->isAccepted() ? [] : [self::explain($answer, $settings)];
        $skew = isset($answer->headers['date']) ? time() - strtotime($answer->headers['date']) : 0;
        if (abs($skew) > self::CLOCK_SECONDS) {
            $found[] = sprintf(
                'The clocks of this shop and of the engine are %d seconds apart; from %d on every'
                . ' message is refused. Set the clock of this server by NTP.',
                abs($skew),
                Signing::TOLERANCE_SECONDS
            );
        }

        return $found;
    }

    /**
     * What of the settings cannot work, said before anything is sent.
     *
     * @param Settings $settings
     *
     * @return string[]
     */
    public static function missing(Settings $settings)
    {
        $found = [];
        if (!preg_match('~^https?://[^\s/?#@]+(/[^\s?#]*)?$~iD', $settings->url)) {
            $found[] = 'The address of the engine must be whole, such as https://refer.example.com.';
        }
        if (!preg_match('/^str_[A-Za-z0-9]+$/D', $settings->storeId)) {
            $found[] = 'The store id begins with str_; "wordmouth store create" printed it.';
        }
        if (count($settings->keys()) !== count($settings->secrets) || !$settings->secrets) {
            $found[] = 'The secret begins with whsec_; "wordmouth store create" printed it.'
                . ' Enter all of it.';
        }
        if ($settings->storeSlug !== '' && !preg_match('/^[a-z0-9-]+$/D', $settings->storeSlug)) {
            $found[] = 'The slug of the store has small letters, digits and dashes only.';
        }

        return $found;
    }

    private static function delivery(Settings $settings)
    {
        $newest = [
            Outbox::PRODUCT => ['id_product', 'product', 'active = 1'],
            Outbox::ORDER => ['id_order', 'orders', '1 = 1'],
        ];
        foreach ($newest as $kind => $source) {
            list($column, $table, $which) = $source;
            $id = Sql::value(
                "SELECT $column FROM " . Sql::table($table) . " WHERE $which ORDER BY $column DESC"
            );
            $content = $id ? Snapshots::build($kind, (int) $id, $settings) : null;
            if ($content !== null) {
                return $content;
            }
        }

        return null;
    }

    private static function explain(Answer $answer, Settings $settings)
    {
        if ($answer->status === 0) {
            return self::explainSilence($answer, $settings);
        }
        if ($answer->status >= 300 && $answer->status < 400) {
            $place = isset($answer->headers['location']) ? $answer->headers['location'] : 'elsewhere';

            return "The engine sends on to $place: enter the address it really has.";
        }
        if ($answer->status === 401) {
            return 'The engine does not accept the signature: the secret is not that of this store, or'
                . ' a clock is wrong. It says: ' . $answer->text;
        }
        if ($answer->status === 404) {
            return 'There is no engine at this address, or it has no such store: compare address and'
                . ' store id with what "wordmouth store create" printed.';
        }
        if ($answer->status === 429 || $answer->status === 503) {
            return 'The engine is busy. Nothing is lost; try again in a minute.';
        }

        return 'The engine answered ' . $answer->words();
    }

    private static function explainSilence(Answer $answer, Settings $settings)
    {
        $host = (string) parse_url($settings->url, PHP_URL_HOST);
        $known = [
            CURLE_COULDNT_RESOLVE_HOST => "There is no host $host: check the address for mistakes.",
            CURLE_COULDNT_CONNECT => "Nobody answers at $host: is the engine running, and does the"
                . ' firewall of this server let it out?',
            CURLE_OPERATION_TIMEOUTED => "$host did not answer in time: is the engine running, and"
                . ' does the firewall of this server let it out?',
            CURLE_SSL_CACERT => "The certificate of $host is not valid for it. {$answer->text}",
            CURLE_SSL_CONNECT_ERROR => "$host does not speak https here. {$answer->text}",
        ];

        return isset($known[$answer->error])
            ? $known[$answer->error]
            : 'The engine could not be reached: ' . $answer->text;
    }
}
