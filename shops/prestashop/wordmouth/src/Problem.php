<?php

namespace Wordmouth\Shop;

/**
 * A refusal in the caller's terms: HTTP status, stable code, and a sentence.
 */
final class Problem extends \Exception
{
    /** @var int */
    public $status;
    /** @var string */
    public $name;

    /**
     * @param int $status
     * @param string $name such as "bad_signature"
     * @param string $detail
     */
    public function __construct($status, $name, $detail)
    {
        parent::__construct($detail);
        $this->status = $status;
        $this->name = $name;
    }

    /**
     * The content of the `application/problem+json` answer.
     *
     * @return array
     */
    public function content()
    {
        return [
            'type' => 'about:blank',
            'title' => ucfirst(str_replace('_', ' ', $this->name)),
            'status' => $this->status,
            'code' => $this->name,
            'detail' => $this->getMessage(),
        ];
    }
}
