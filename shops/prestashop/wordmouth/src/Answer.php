<?php

namespace Wordmouth\Shop;

/**
 * How a delivery ended.
 */
final class Answer
{
    /** Answers about the engine or the way to it: another snapshot would fare no better now. */
    const TROUBLE = [401, 403, 404, 408, 429];

    /** @var int HTTP status; 0: there was no answer */
    public $status;
    /** @var string what the engine said, or why there was no answer */
    public $text;
    /** @var int the number of curl's error; 0: none */
    public $error;
    /** @var string[] headers by their names in lower case */
    public $headers;

    /**
     * @param int $status
     * @param string $text
     * @param string[] $headers
     * @param int $error
     */
    public function __construct($status, $text, array $headers = [], $error = 0)
    {
        $this->status = $status;
        $this->text = $text;
        $this->headers = $headers;
        $this->error = $error;
    }

    /**
     * Whether the engine has stored the delivery.
     *
     * @return bool
     */
    public function isAccepted()
    {
        return $this->status >= 200 && $this->status < 300;
    }

    /**
     * Whether the fault is not of this one snapshot.
     *
     * @return bool
     */
    public function isTrouble()
    {
        return $this->status < 200 || ($this->status >= 300 && $this->status < 400)
            || $this->status >= 500 || in_array($this->status, self::TROUBLE, true);
    }

    /**
     * What went wrong, in a line; empty if nothing did.
     *
     * @return string
     */
    public function words()
    {
        if ($this->isAccepted()) {
            return '';
        }

        return Text::cut($this->status ? $this->status . ': ' . $this->text : $this->text, 300);
    }

    /**
     * Seconds that the engine asks to wait; 0 if it does not.
     *
     * @return int
     */
    public function retryAfter()
    {
        return isset($this->headers['retry-after']) ? (int) $this->headers['retry-after'] : 0;
    }
}
