/** Where the customer of an order joins the referral programme, and who is told. */
import type { Settings } from "./options";
import { MedusaCustomer, named, Receiver } from "./order-data";
import { customerToken } from "./signing";

const GUEST_MS = 2 * 3_600_000;

/** An order, as far as it tells who bought. */
export interface Buyer {
  email?: string | null;
  created_at: Date | string;
  locale?: string | null;
  customer?: MedusaCustomer | null;
  shipping_address?: Receiver | null;
}

/**
 * Whether who asks is told where the customer of an order joins: the customer where they have an
 * account, `actor` being who is logged in; of a guest's order whoever knows its id, for two hours.
 */
export function mayBeInvited(order: Buyer, actor: string | undefined, now: Date): boolean {
  if (order.customer?.has_account) {
    return order.customer.id === actor;
  }
  return now.getTime() - new Date(order.created_at).getTime() <= GUEST_MS;
}

/** The address at which the customer joins without a mail, for 24 hours; null: nowhere. */
export function invitation(order: Buyer, settings: Settings, now: Date): string | null {
  const { url, storeSlug, keys, connected } = settings;
  const customer = named(order);
  if (!connected || !storeSlug || !customer?.email) {
    return null;
  }
  const token = customerToken(keys[0], {
    email: customer.email,
    id: customer.id,
    first_name: customer.first_name ?? "",
    last_name: customer.last_name ?? "",
    locale: order.locale ?? null,
    iat: Math.floor(now.getTime() / 1000),
  });
  return `${url}/s/${storeSlug}/join?customer=${token}`;
}
