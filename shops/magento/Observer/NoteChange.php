<?php

namespace Wordmouth\Referrals\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Psr\Log\LoggerInterface;
use Wordmouth\Referrals\Model\Outbox;
use Wordmouth\Referrals\Model\Settings;

/**
 * Notes what changed, after it is stored, once the shop is connected. Whatever goes wrong here, the
 * shop goes on: what was not noted the engine finds in the shop's lists.
 */
class NoteChange implements ObserverInterface
{
    private const OF_AN_ORDER = ['invoice', 'shipment', 'creditmemo'];
    private const THINGS = ['order', 'customer', 'product'];

    public function __construct(
        private readonly Outbox $outbox,
        private readonly Settings $settings,
        private readonly LoggerInterface $logger
    ) {
    }

    public function execute(Observer $observer): void
    {
        try {
            $event = $observer->getEvent();
            foreach (self::OF_AN_ORDER as $name) {
                if ($event->getData($name)) {
                    $this->note('order', (int) $event->getData($name)->getOrderId());
                }
            }
            foreach (self::THINGS as $kind) {
                if ($event->getData($kind)) {
                    $this->note($kind, (int) $event->getData($kind)->getId());
                }
            }
        } catch (\Throwable $error) {
            $this->logger->error('Wordmouth could not note a change: ' . $error->getMessage());
        }
    }

    private function note(string $kind, int $id): void
    {
        if ($id > 0 && $this->settings->address() !== '') {
            $this->outbox->note($kind, $id);
        }
    }
}
