<?php

namespace Wordmouth\Referrals\Model;

use Magento\Framework\HTTP\Client\CurlFactory;

/**
 * Tells the engine that something changed, signed by Standard Webhooks.
 */
class Messenger
{
    private const TIMEOUT = 10;

    public function __construct(
        private readonly CurlFactory $curls,
        private readonly Settings $settings
    ) {
    }

    /** Whether address and secret were entered. */
    public function isConnected(): bool
    {
        return $this->settings->address() !== '' && $this->settings->key() !== '';
    }

    /**
     * Send one hint.
     *
     * @param array<string, mixed> $row of the outbox
     *
     * @return Answer what the engine said; no connection is an answer too
     */
    public function tell(array $row): Answer
    {
        $body = (string) json_encode(
            ['type' => $row['kind'] . '.changed', 'data' => ['id' => (string) $row['object_id']]]
        );
        $curl = $this->curls->create();
        $curl->setTimeout(self::TIMEOUT);
        $curl->addHeader('content-type', 'application/json');
        foreach ($this->proof('msg_' . $row['mark'], $body) as $name => $text) {
            $curl->addHeader($name, $text);
        }
        try {
            $curl->post($this->settings->address(), $body);
        } catch (\Exception $error) {
            return new Answer(0, 0);
        }
        $headers = array_change_key_case($curl->getHeaders());

        return new Answer((int) $curl->getStatus(), (int) ($headers['retry-after'] ?? 0));
    }

    /**
     * @return array<string, string>
     */
    private function proof(string $id, string $body): array
    {
        $now = time();
        $digest = hash_hmac('sha256', "$id.$now.$body", $this->settings->key(), true);

        return [
            'webhook-id' => $id,
            'webhook-timestamp' => (string) $now,
            'webhook-signature' => 'v1,' . base64_encode($digest),
        ];
    }
}
