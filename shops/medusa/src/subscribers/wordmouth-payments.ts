import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";

import { ordersOfPayment } from "../lib/changes";
import { outboxOf, queryOf } from "../lib/parts";

/** Note that money of an order was taken or given back: the event names only the payment. */
export default async function paymentChanged({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  const orders = await ordersOfPayment(queryOf(container), event.data.id);
  await outboxOf(container).mark("order", orders);
}

export const config: SubscriberConfig = {
  event: ["payment.captured", "payment.refunded"],
  context: { subscriberId: "wordmouth-payments" },
};
