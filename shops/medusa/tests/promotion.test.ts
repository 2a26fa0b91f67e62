import assert from "node:assert/strict";
import { test } from "node:test";

import { couponState, ShopPromotion } from "../src/lib/coupon-state";
import { promotionFor } from "../src/lib/promotion";
import { parseTerms } from "../src/lib/terms";

const ASKED = { code: "WM-AB12", kind: "percent_off", value: 10, currency: "EUR", usage_limit: 1 };

function made(change: object): any {
  return promotionFor(parseTerms({ ...ASKED, ...change }));
}

test("percent, amount, shipping and a product come off as Medusa writes it", () => {
  const method = (change: object): any => made(change).application_method;
  assert.deepEqual(method({}), {
    type: "percentage",
    target_type: "order",
    allocation: "across",
    value: 10,
  });
  const amount = made({ kind: "amount_off", value: 1050 });
  assert.equal(amount.application_method.value, 10.5);
  assert.equal(amount.application_method.currency_code, "eur");
  assert.equal(amount.is_tax_inclusive, true);
  assert.equal(method({ kind: "amount_off", value: 500, currency: "JPY" }).value, 500);
  assert.equal(method({ kind: "amount_off", value: 1234, currency: "KWD" }).value, 1.234);
  const shipping = method({ kind: "free_shipping", value: 0 });
  assert.deepEqual([shipping.target_type, shipping.value], ["shipping_methods", 100]);
  const piece = method({ kind: "free_product", value: 0, product: "prod_9" });
  assert.deepEqual([piece.allocation, piece.max_quantity], ["once", 1]);
  assert.deepEqual(piece.target_rules[0].values, ["prod_9"]);
});

test("what bounds a coupon is a limit, a campaign and rules", () => {
  const bare = made({ usage_limit: null });
  assert.deepEqual([bare.limit, bare.rules, bare.campaign], [1_000_000, [], undefined]);
  const bounded = made({
    min_order: 3000,
    expires_at: "2026-12-21T10:00:00Z",
    customer: { id: "cus_1", email: "Ana@Example.com" },
  });
  assert.equal(bounded.limit, 1);
  assert.deepEqual(bounded.campaign.ends_at, new Date("2026-12-21T10:00:00Z"));
  assert.deepEqual(
    bounded.rules.map((rule: any) => [rule.attribute, rule.operator, ...rule.values]),
    [
      ["currency_code", "eq", "eur"],
      ["original_item_total", "gte", "30"],
      ["email", "eq", "ana@example.com"],
    ],
  );
  const [rule] = made({ customer: { id: "cus_1" } }).rules;
  assert.deepEqual([rule.attribute, rule.values], ["customer.id", ["cus_1"]]);
});

test("a coupon that was used stays used, one that is ended or over says so", () => {
  const now = new Date("2026-11-22T10:00:00Z");
  const state = (change: Partial<ShopPromotion>): string =>
    couponState({ id: "promo_1", code: "A", status: "active", limit: 1, used: 0, ...change }, now)
      .state;
  assert.equal(state({}), "active");
  assert.equal(state({ used: 1, status: "inactive", deleted_at: now }), "used");
  assert.equal(state({ status: "inactive", campaign: { ends_at: "2026-01-01" } }), "revoked");
  assert.equal(state({ deleted_at: "2026-11-01" }), "revoked");
  assert.equal(state({ campaign: { ends_at: "2026-11-22T10:00:00Z" } }), "expired");
  assert.equal(state({ campaign: { ends_at: "2026-11-22T10:00:01Z" } }), "active");
});
