<?php

namespace Wordmouth\Referrals\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Framework\Stdlib\CookieManagerInterface;

/**
 * Puts the friend's coupon into a cart that has none, whenever something is put into it: Magento takes
 * a coupon out again that is not good for the cart (yet).
 */
class PutCoupon implements ObserverInterface
{
    public const NAME = 'wordmouth_coupon';
    private const CODE = '/^[A-Za-z0-9-]{1,120}$/D';

    public function __construct(private readonly CookieManagerInterface $cookies)
    {
    }

    public function execute(Observer $observer): void
    {
        $code = (string) $this->cookies->getCookie(self::NAME);
        $item = $observer->getEvent()->getData('quote_item');
        $cart = is_object($item) ? $item->getQuote() : null;
        if ($cart && !$cart->getCouponCode() && preg_match(self::CODE, $code)) {
            $cart->setCouponCode($code);
        }
    }
}
