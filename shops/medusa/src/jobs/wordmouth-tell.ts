import type { MedusaContainer } from "@medusajs/framework/types";
import { ContainerRegistrationKeys } from "@medusajs/framework/utils";

import { outboxOf, settingsOf } from "../lib/parts";

// Until when the engine asked this process to be left alone, in milliseconds since 1970.
let quietUntil = 0;

/** Send what waits to be told. */
export default async function tell(container: MedusaContainer): Promise<void> {
  if (!settingsOf(container).connected || Date.now() < quietUntil) {
    return;
  }
  const { stoppedBy, rest } = await outboxOf(container).flush();
  if (stoppedBy) {
    quietUntil = Date.now() + rest * 1000;
    const logger = container.resolve(ContainerRegistrationKeys.LOGGER);
    logger.warn(`the referral engine did not take a snapshot, trying again: ${stoppedBy}`);
  }
}

export const config = { name: "wordmouth-tell", schedule: "*/2 * * * * *" };
