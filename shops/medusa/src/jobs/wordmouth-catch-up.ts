import type { MedusaContainer } from "@medusajs/framework/types";

import { catchUp } from "../lib/catching-up";
import { databaseOf, outboxOf, queryOf, settingsOf } from "../lib/parts";

/** Mark the past once, and then what an event was lost of. */
export default async function lookForChanges(container: MedusaContainer): Promise<void> {
  if (settingsOf(container).connected) {
    await catchUp(databaseOf(container), queryOf(container), outboxOf(container));
  }
}

export const config = { name: "wordmouth-catch-up", schedule: "* * * * *" };
