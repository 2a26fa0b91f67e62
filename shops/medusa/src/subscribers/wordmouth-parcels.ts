import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";

import { ordersOfFulfilment } from "../lib/changes";
import { outboxOf, queryOf } from "../lib/parts";

/** Note that goods of an order were sent or have arrived: the event names only the parcel. */
export default async function parcelChanged({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  const orders = await ordersOfFulfilment(queryOf(container), event.data.id);
  await outboxOf(container).mark("order", orders);
}

export const config: SubscriberConfig = {
  event: ["shipment.created", "delivery.created"],
  context: { subscriberId: "wordmouth-parcels" },
};
