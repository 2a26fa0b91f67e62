import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";

import { outboxOf } from "../lib/parts";

/** Note that a product changed. */
export default async function productChanged({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  await outboxOf(container).mark("product", [event.data.id]);
}

export const config: SubscriberConfig = {
  event: ["product.created", "product.updated"],
  context: { subscriberId: "wordmouth-products" },
};
