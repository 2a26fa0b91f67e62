/** What Vendure's own promotions cannot do: one customer, one currency, one free piece. */
import { ID, LanguageCode, Order, PromotionCondition, PromotionLineAction } from "@vendure/core";

import { plain } from "./terms";

/** Whom a coupon belongs to; both empty: anybody. */
export interface Lock {
  customerId: string;
  email: string;
}

/** The buyer, as far as known. */
export interface Buyer {
  id: ID;
  emailAddress: string;
}

/** Whether this buyer may use a coupon; a locked one opens only for a buyer who is known. */
export function mayUse(lock: Lock, buyer: Buyer | undefined): boolean {
  if (!lock.customerId && !lock.email) {
    return true;
  }
  if (!buyer) {
    return false;
  }
  return (
    (lock.customerId !== "" && String(buyer.id) === lock.customerId) ||
    (lock.email !== "" && plain(buyer.emailAddress) === lock.email)
  );
}

/** The line of which one piece is free: that of the cheapest piece of the product. */
export function freeLine(order: Order, product: string): ID | undefined {
  const fitting = order.lines.filter(
    (line) => line.quantity > 0 && String(line.productVariant.productId) === product,
  );
  fitting.sort((one, other) => one.listPrice - other.listPrice);
  return fitting[0]?.id;
}

const optional = { type: "string", required: false, defaultValue: "" } as const;

export const wordmouthCoupon = new PromotionCondition({
  code: "wordmouth_coupon",
  description: [{ languageCode: LanguageCode.en, value: "Coupon of the referral programme" }],
  args: {
    /** Only for orders in this currency; empty: in any. */
    currency: optional,
    /** Only for the customer with this address. */
    email: optional,
    /** Only for the customer with this key. */
    customerId: optional,
    /** Only where the order has this product, of which one piece is then free. */
    product: optional,
  },
  check(_, order, { currency, email, customerId, product }) {
    if (currency && order.currencyCode !== currency) {
      return false;
    }
    if (!mayUse({ email, customerId }, order.customer)) {
      return false;
    }
    if (!product) {
      return true;
    }
    const line = freeLine(order, product);
    return line === undefined ? false : { line };
  },
});

export const wordmouthFreePiece = new PromotionLineAction({
  code: "wordmouth_free_piece",
  description: [{ languageCode: LanguageCode.en, value: "One piece of the product is free" }],
  args: {},
  conditions: [wordmouthCoupon],
  // After discounts on the goods themselves, so that nothing is taken off twice.
  priorityValue: 100,
  execute(ctx, line, _, state) {
    const chosen = state.wordmouth_coupon;
    if (typeof chosen !== "object" || chosen.line !== line.id) {
      return 0;
    }
    return ctx.channel.pricesIncludeTax
      ? -line.discountedUnitPriceWithTax
      : -line.discountedUnitPrice;
  },
});
