<?php

namespace Wordmouth\Shop;

/**
 * What is done every minute: find what no hook has told of, send what is due, and forget what nobody needs any more.
 */
final class Cron
{
    /**
     * @param int $seconds how long it may take
     * @param callable|null $report called with the Flusher after each snapshot
     *
     * @return array the HTTP status, and what was done: sent, gone, failed, pending ...
     */
    public static function run($seconds, $report = null)
    {
        Sweep::run();
        $flusher = Flusher::flush($seconds, $report);
        Visit::forgetOld(Settings::of()->cookieDays);
        $told = ['sent' => $flusher->sent, 'gone' => $flusher->gone, 'failed' => $flusher->failed];
        $told += Outbox::status();
        if ($flusher->stoppedBy) {
            $told['stopped_by'] = implode('; ', array_unique($flusher->stoppedBy));
        }

        return [$flusher->stoppedBy ? 502 : 200, $told];
    }
}
