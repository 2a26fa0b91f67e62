<?php

namespace Wordmouth\Referrals\Plugin;

use Magento\Sales\Api\Data\OrderExtensionFactory;
use Magento\Sales\Api\Data\OrderInterface;
use Magento\Sales\Api\Data\OrderSearchResultInterface;
use Magento\Sales\Api\OrderRepositoryInterface;
use Wordmouth\Referrals\Observer\KeepVisit;

/**
 * Shows an order's visit in the API, as an extension attribute.
 */
class TellVisit
{
    public function __construct(private readonly OrderExtensionFactory $extensions)
    {
    }

    public function afterGet(OrderRepositoryInterface $orders, OrderInterface $order): OrderInterface
    {
        $this->tell($order);

        return $order;
    }

    public function afterGetList(
        OrderRepositoryInterface $orders,
        OrderSearchResultInterface $found
    ): OrderSearchResultInterface {
        foreach ($found->getItems() as $order) {
            $this->tell($order);
        }

        return $found;
    }

    private function tell(OrderInterface $order): void
    {
        $token = $order->getData(KeepVisit::NAME);
        if ($token) {
            $beside = $order->getExtensionAttributes() ?? $this->extensions->create();
            $beside->setWordmouthToken((string) $token);
            $order->setExtensionAttributes($beside);
        }
    }
}
