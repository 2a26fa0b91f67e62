<?php

namespace Wordmouth\Shop;

/**
 * Tries the connection with a delivery that is true anyway, and says in words what is wrong.
 *
 * Each text stands whole on its line: the shop finds what there is to translate by reading.
 */
final class ConnectionTest
{
    const SECONDS = 10;
    /** A clock further off is told of, before it is so far off that the engine refuses. */
    const CLOCK_SECONDS = 60;

    /** @var \Module */
    private $module;

    /**
     * @param \Module $module which knows the texts in the language of whoever reads them
     */
    public function __construct($module)
    {
        $this->module = $module;
    }

    /**
     * @param Settings $settings
     *
     * @return string[] what is wrong; empty if all is well
     */
    public function run(Settings $settings)
    {
        $missing = $this->missing($settings);
        if ($missing) {
            return $missing;
        }
        $content = self::delivery($settings);
        if ($content === null) {
            return [$this->say($this->module->l('There is no product and no order yet that could be sent. Add a product first.', 'connectiontest'))];
        }
        $id = 'msg_test_' . bin2hex(random_bytes(12));
        $answer = Client::deliver($settings, $id, $content, self::SECONDS);
        $found = $answer->isAccepted() ? [] : [$this->explain($answer, $settings)];
        $skew = isset($answer->headers['date']) ? time() - strtotime($answer->headers['date']) : 0;
        if (abs($skew) > self::CLOCK_SECONDS) {
            $found[] = $this->say(
                $this->module->l('The clocks of this shop and of the engine are %d seconds apart; from %d on every message is refused. Set the clock of this server by NTP.', 'connectiontest'),
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
    public function missing(Settings $settings)
    {
        $found = [];
        if (!preg_match('~^https?://[^\s/?#@]+(/[^\s?#]*)?$~iD', $settings->url)) {
            $found[] = $this->say($this->module->l('The address of the engine must be whole, such as https://refer.example.com.', 'connectiontest'));
        }
        if (!preg_match('/^str_[A-Za-z0-9]+$/D', $settings->storeId)) {
            $found[] = $this->say($this->module->l('The store id begins with str_; wordmouth store create printed it.', 'connectiontest'));
        }
        if (count($settings->keys()) !== count($settings->secrets) || !$settings->secrets) {
            $found[] = $this->say($this->module->l('The secret begins with whsec_; wordmouth store create printed it. Enter all of it.', 'connectiontest'));
        }
        if ($settings->storeSlug !== '' && !preg_match('/^[a-z0-9-]+$/D', $settings->storeSlug)) {
            $found[] = $this->say($this->module->l('The slug of the store has small letters, digits and dashes only.', 'connectiontest'));
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

    private function explain(Answer $answer, Settings $settings)
    {
        if ($answer->status === 0) {
            return $this->explainSilence($answer, (string) parse_url($settings->url, PHP_URL_HOST));
        }
        if ($answer->status >= 300 && $answer->status < 400) {
            $place = isset($answer->headers['location']) ? $answer->headers['location'] : '?';

            return $this->say($this->module->l('The engine sends on to %s: enter the address it really has.', 'connectiontest'), $place);
        }
        if ($answer->status === 401) {
            return $this->say($this->module->l('The engine does not accept the signature: the secret is not that of this store, or a clock is wrong. It says: %s', 'connectiontest'), $answer->text);
        }
        if ($answer->status === 404) {
            return $this->say($this->module->l('There is no engine at this address, or it has no such store: compare address and store id with what wordmouth store create printed.', 'connectiontest'));
        }
        if ($answer->status === 429 || $answer->status === 503) {
            return $this->say($this->module->l('The engine is busy. Nothing is lost; try again in a minute.', 'connectiontest'));
        }

        return $this->say($this->module->l('The engine answered %s', 'connectiontest'), $answer->words());
    }

    private function explainSilence(Answer $answer, $host)
    {
        if ($answer->error === CURLE_COULDNT_RESOLVE_HOST) {
            return $this->say($this->module->l('There is no host %s: check the address for mistakes.', 'connectiontest'), $host);
        }
        if ($answer->error === CURLE_COULDNT_CONNECT) {
            return $this->say($this->module->l('Nobody answers at %s: is the engine running, and does the firewall of this server let it out?', 'connectiontest'), $host);
        }
        if ($answer->error === CURLE_OPERATION_TIMEOUTED) {
            return $this->say($this->module->l('%s did not answer in time: is the engine running, and does the firewall of this server let it out?', 'connectiontest'), $host);
        }
        if ($answer->error === CURLE_SSL_CACERT) {
            return $this->say($this->module->l('The certificate of %s is not valid for it: %s', 'connectiontest'), $host, $answer->text);
        }
        if ($answer->error === CURLE_SSL_CONNECT_ERROR) {
            return $this->say($this->module->l('%s does not speak https here: %s', 'connectiontest'), $host, $answer->text);
        }

        return $this->say($this->module->l('The engine could not be reached: %s', 'connectiontest'), $answer->text);
    }

    /** The shop gives its texts ready for a page; here they are made ready when all is put in. */
    private function say($translated, ...$values)
    {
        return vsprintf(html_entity_decode($translated, ENT_QUOTES, 'UTF-8'), $values);
    }
}
