import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";

import { outboxOf } from "../lib/parts";

/** An event about an order: of the order itself, or of something that names it. */
interface OrderEvent {
  id?: string;
  order_id?: string;
}

/** Note that an order changed. */
export default async function orderChanged({
  event,
  container,
}: SubscriberArgs<OrderEvent | OrderEvent[]>): Promise<void> {
  const told = [event.data].flat().map((one) => one.order_id ?? one.id);
  await outboxOf(container).mark("order", told.filter((id) => id !== undefined));
}

export const config: SubscriberConfig = {
  event: [
    "order.placed",
    "order.updated",
    "order.completed",
    "order.archived",
    "order.canceled",
    "order.fulfillment_created",
    "order.fulfillment_canceled",
    "order.return_requested",
    "order.return_received",
    "order.claim_created",
    "order.exchange_created",
    "order-edit.confirmed",
  ],
  context: { subscriberId: "wordmouth-orders" },
};
