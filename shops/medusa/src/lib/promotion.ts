/** The engine's terms as a promotion of Medusa. */
import type { CreatePromotionDTO, CreatePromotionRuleDTO } from "@medusajs/framework/types";

import { fromMinor } from "./money";
import { COUPON } from "./names";
import type { CouponTerms, Wish } from "./terms";

// Medusa counts uses only where there is a limit.
const NO_LIMIT = 1_000_000;

type Method = CreatePromotionDTO["application_method"];

/** The promotion for a coupon; its metadata says what the engine asked for. */
export function promotionFor({ terms, description }: Wish): CreatePromotionDTO {
  const { code, expiresAt, usageLimit } = terms;
  const name = `${description || "Referral reward"} (${code})`;
  const limited = expiresAt && {
    campaign: { name, campaign_identifier: code, ends_at: new Date(expiresAt) },
  };
  return {
    code,
    type: "standard",
    status: "active",
    is_automatic: false,
    // An amount is what the customer pays less, with tax.
    is_tax_inclusive: terms.kind === "amount_off",
    limit: usageLimit ?? NO_LIMIT,
    application_method: methodFor(terms),
    rules: rulesFor(terms),
    metadata: { [COUPON]: { terms, description } },
    ...(limited || {}),
  } as CreatePromotionDTO;
}

function methodFor({ kind, value, currency, product }: CouponTerms): Method {
  switch (kind) {
    case "percent_off":
      return { type: "percentage", target_type: "order", allocation: "across", value };
    case "amount_off":
      return {
        type: "fixed",
        target_type: "order",
        allocation: "across",
        value: fromMinor(value, currency),
        currency_code: currency.toLowerCase(),
      };
    case "free_shipping":
      return {
        type: "percentage",
        target_type: "shipping_methods",
        allocation: "across",
        value: 100,
      };
    case "free_product":
      return {
        type: "percentage",
        target_type: "items",
        // One piece in all, the cheapest, whatever is in the cart.
        allocation: "once",
        max_quantity: 1,
        value: 100,
        target_rules: [{ attribute: "items.product.id", operator: "eq", values: [product] }],
      } as Method;
  }
}

function rulesFor(terms: CouponTerms): CreatePromotionRuleDTO[] {
  const rules: CreatePromotionRuleDTO[] = [];
  if (terms.kind === "amount_off" || terms.minOrder !== null) {
    const currency = terms.currency.toLowerCase();
    rules.push({ attribute: "currency_code", operator: "eq", values: [currency] });
  }
  if (terms.minOrder !== null) {
    // Before discounts: after them, a coupon that works would take its own ground away.
    const least = String(fromMinor(terms.minOrder, terms.currency));
    rules.push({ attribute: "original_item_total", operator: "gte", values: [least] });
  }
  if (terms.customerEmail) {
    rules.push({ attribute: "email", operator: "eq", values: [terms.customerEmail] });
  } else if (terms.customerId) {
    rules.push({ attribute: "customer.id", operator: "eq", values: [terms.customerId] });
  }
  return rules;
}
