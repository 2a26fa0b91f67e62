<?php

namespace Wordmouth\Referrals\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Framework\Stdlib\CookieManagerInterface;

/**
 * Keeps with an order the visit that the buyer's browser remembers.
 */
class KeepVisit implements ObserverInterface
{
    public const NAME = 'wordmouth_token';
    private const TOKEN = '/^[A-Za-z0-9_.-]{1,2000}$/D';

    public function __construct(private readonly CookieManagerInterface $cookies)
    {
    }

    public function execute(Observer $observer): void
    {
        $token = (string) $this->cookies->getCookie(self::NAME);
        $order = $observer->getEvent()->getData('order');
        if ($order && preg_match(self::TOKEN, $token)) {
            $order->setData(self::NAME, $token);
        }
    }
}
