<?php

namespace Wordmouth\Referrals\Cron;

use Psr\Log\LoggerInterface;
use Wordmouth\Referrals\Model\Messenger;
use Wordmouth\Referrals\Model\Outbox;

/**
 * Sends what is due, once a minute, for less than a minute. The engine's first no ends it: what is
 * wrong for one hint (its address, its secret, its being away) is wrong for all.
 */
class Send
{
    private const SECONDS = 45;
    private const AT_ONCE = 50;

    public function __construct(
        private readonly Outbox $outbox,
        private readonly Messenger $messenger,
        private readonly LoggerInterface $logger
    ) {
    }

    public function execute(): void
    {
        $until = microtime(true) + self::SECONDS;
        while ($this->messenger->isConnected() && ($rows = $this->outbox->due(self::AT_ONCE))) {
            foreach ($rows as $row) {
                if (microtime(true) > $until) {
                    return;
                }
                $answer = $this->messenger->tell($row);
                if (!$answer->isAccepted()) {
                    $this->outbox->putOff($row, $answer->retryAfter);
                    $this->logger->warning("Wordmouth answered {$answer->status} to a hint.");

                    return;
                }
                $this->outbox->told($row);
            }
        }
    }
}
