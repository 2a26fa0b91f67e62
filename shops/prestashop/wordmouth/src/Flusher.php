<?php

namespace Wordmouth\Shop;

/**
 * Sends what is due; safe to run several at once, for as long as it may take and no longer.
 */
final class Flusher
{
    const TIMEOUT = 10;
    /** Seconds that may pass after an answer, with one process of the server. */
    const AFTER_ANSWER = 5;
    /** Seconds without another try after an answer, once the engine did not take something. */
    const PAUSE = 60;
    const PAUSED = 'WORDMOUTH_PAUSED_UNTIL';

    /** @var int */
    public $sent = 0;
    /** @var int what is no longer there, so that nothing was to be told */
    public $gone = 0;
    /** @var int */
    public $failed = 0;
    /** @var string[] for each shop whose engine is in trouble, what it answered */
    public $stoppedBy = [];

    /** @var float */
    private $until;
    /** @var callable|null */
    private $report;

    /**
     * Send what is due, news before history, and go on with a history that is being told.
     *
     * @param int $seconds how long it may take
     * @param callable|null $report called with the Flusher after each snapshot
     *
     * @return Flusher what was done
     */
    public static function flush($seconds, $report = null)
    {
        $flusher = new self();
        $flusher->until = microtime(true) + $seconds;
        $flusher->report = $report;
        $flusher->run();

        return $flusher;
    }

    /**
     * At the end of a request that changed something: end the answer, then send for a moment.
     *
     * Where the server cannot end an answer early the cron job sends instead.
     */
    public static function afterAnswer()
    {
        if (!Outbox::hasOwn() || !Shops::finishAnswer()) {
            return;
        }
        try {
            Outbox::ripenOwn();
            if ((int) \Configuration::get(self::PAUSED) <= time()) {
                self::flush(self::AFTER_ANSWER);
            }
        } catch (\Throwable $error) {
            Shops::log($error, 'sending after an answer');
        }
    }

    private function run()
    {
        while (microtime(true) < $this->until) {
            $row = Outbox::claim(array_keys($this->stoppedBy));
            if ($row === null) {
                if ($this->stoppedBy || !History::step()) {
                    return;
                }
                continue;
            }
            $this->send($row);
            if ($this->report) {
                call_user_func($this->report, $this);
            }
        }
    }

    private function send(array $row)
    {
        $settings = Settings::of((int) $row['id_shop']);
        if (!$settings->isConnected()) {
            $this->stop($row, 'not connected: address, store or secret is missing', 0);

            return;
        }
        try {
            $content = Snapshots::build($row['kind'], (int) $row['id_object'], $settings);
        } catch (\Throwable $error) {
            Shops::log($error, $row['kind'] . ' ' . $row['id_object']);
            ++$this->failed;
            Outbox::putOff($row, $error->getMessage(), 0);

            return;
        }
        if ($content === null) {
            ++$this->gone;
            Outbox::settle($row);

            return;
        }
        $seconds = (int) max(1, min(self::TIMEOUT, ceil($this->until - microtime(true))));
        $this->judge($row, Client::deliver($settings, 'msg_' . $row['mark'], $content, $seconds));
    }

    private function judge(array $row, Answer $answer)
    {
        if ($answer->isAccepted()) {
            ++$this->sent;
            Outbox::settle($row);
        } elseif ($answer->isTrouble()) {
            \Configuration::updateGlobalValue(self::PAUSED, (string) (time() + self::PAUSE));
            $this->stop($row, $answer->words(), $answer->retryAfter());
        } else {
            ++$this->failed;
            Outbox::putOff($row, $answer->words(), 0);
        }
    }

    private function stop(array $row, $words, $retryAfter)
    {
        ++$this->failed;
        $this->stoppedBy[(int) $row['id_shop']] = $words;
        Outbox::putOff($row, $words, $retryAfter);
    }
}
