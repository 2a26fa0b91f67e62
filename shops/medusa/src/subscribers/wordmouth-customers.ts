import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";

import { outboxOf } from "../lib/parts";

/** Note that a customer changed. */
export default async function customerChanged({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  await outboxOf(container).mark("customer", [event.data.id]);
}

export const config: SubscriberConfig = {
  event: ["customer.created", "customer.updated"],
  context: { subscriberId: "wordmouth-customers" },
};
