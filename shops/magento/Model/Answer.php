<?php

namespace Wordmouth\Referrals\Model;

/**
 * What the engine answered: a status (0: nothing) and for how many seconds it wants to be left alone.
 */
class Answer
{
    public function __construct(public readonly int $status, public readonly int $retryAfter)
    {
    }

    /** Whether the hint is stored there. */
    public function isAccepted(): bool
    {
        return $this->status >= 200 && $this->status < 300;
    }
}
