import assert from "node:assert/strict";
import { test } from "node:test";

import { MedusaOrder, orderData } from "../src/lib/order-data";

const AT = "2026-11-21T10:00:00.000Z";
const LATER = "2026-11-22T10:00:00.000Z";

/** Two packets of tea at 25 EUR with 20 % tax in them, 10 % off, sent for 5 EUR. */
function order(change: Partial<MedusaOrder> = {}, line: object = {}): MedusaOrder {
  return {
    id: "order_1",
    display_id: 7,
    status: "pending",
    created_at: AT,
    currency_code: "eur",
    email: "friend@example.com",
    metadata: { wordmouth_visit: { token: "wm", ip: "192.0.2.7", user_agent: "Phone" } },
    customer: { id: "cus_1", email: "old@example.com", first_name: "Fe", last_name: null },
    items: [
      {
        id: "item_1",
        product_id: "prod_9",
        variant_sku: "TEA-9",
        product_title: "Tea",
        quantity: 2,
        unit_price: 25,
        is_tax_inclusive: true,
        tax_lines: [{ rate: 20 }],
        adjustments: [{ code: "ANA-1", amount: { value: "4.166666666666666667" } }],
        product: { categories: [{ name: "Drinks" }] },
        detail: { fulfilled_quantity: 0, shipped_quantity: 0, delivered_quantity: 0 },
        ...line,
      },
    ],
    shipping_methods: [{ amount: 5, adjustments: [] }],
    shipping_address: { first_name: "Lo", country_code: "ee" },
    promotions: [{ code: "ANA-1" }, { code: "HELLO" }],
    payment_collections: [{ payments: [{ captures: [], refunds: [] }] }],
    fulfillments: [],
    ...change,
  };
}

function told(change: Partial<MedusaOrder> = {}, line: object = {}): any {
  return orderData(order(change, line), false);
}

test("an order as it was placed", () => {
  const data = told();
  assert.deepEqual([data.id, data.number, data.currency], ["order_1", "7", "EUR"]);
  assert.deepEqual(data.totals, {
    items: 4167,
    discount: 417,
    shipping: 500,
    tax: 750,
    grand: 5000,
    gift_card: 0,
  });
  assert.deepEqual(data.customer, {
    id: "cus_1",
    email: "friend@example.com",
    first_name: "Fe",
    last_name: null,
    created_at: null,
  });
  assert.deepEqual(data.discount_codes, ["ANA-1", "HELLO"]);
  const [line] = data.lines;
  assert.deepEqual(
    [line.product_id, line.category, line.quantity, line.unit_price, line.total, line.gift_card],
    ["prod_9", "Drinks", 2, 2500, 3750, false],
  );
  assert.deepEqual(data.attribution, { token: "wm", code: null });
  assert.deepEqual(data.client, { ip: "192.0.2.7", user_agent: "Phone" });
  assert.equal(data.shipping_address.country, "EE");
  const { placed_at, paid_at, fulfilled_at, delivered_at, cancelled_at } = data;
  assert.deepEqual([placed_at, paid_at, fulfilled_at, delivered_at, cancelled_at], [
    AT,
    null,
    null,
    null,
    null,
  ]);
});

test("what a refund takes out of Medusa's totals stays in, and the refund stands beside it", () => {
  const refunds = [{ id: "ref_1", amount: 45, created_at: LATER }];
  const captures = [{ amount: 50, created_at: AT }];
  const data = told(
    {
      payment_collections: [{ payments: [{ captures, refunds }] }],
      credit_lines: [{ amount: 45, created_at: "2026-11-22T10:00:01.000Z" }],
    },
    { detail: { return_received_quantity: 2 } },
  );
  assert.deepEqual(data.totals, told().totals);
  assert.deepEqual(data.lines, told().lines);
  assert.deepEqual(data.refunds, [{ id: "ref_1", amount: 4500, at: LATER }]);
  assert.equal(data.paid_at, AT);
});

test("the shop's own credit is a part of the total that needs no money", () => {
  const captures = [{ amount: 40, created_at: LATER }];
  const paid = { payment_collections: [{ payments: [{ captures }] }] };
  const data = told({ ...paid, credit_lines: [{ amount: 10, created_at: AT }] });
  assert.deepEqual([data.totals.grand, data.totals.gift_card, data.paid_at], [5000, 1000, LATER]);
  assert.equal(told(paid).paid_at, null);
});

test("a cancelled order is cancelled when the shop says", () => {
  const data = told({ status: "canceled", canceled_at: LATER });
  assert.equal(data.cancelled_at, LATER);
  assert.equal(told({ canceled_at: LATER }).cancelled_at, null);
});

test("a parcel that was cancelled sent nothing", () => {
  const detail = { fulfilled_quantity: 2, shipped_quantity: 2, delivered_quantity: 2 };
  const parcels = [
    { shipped_at: AT, delivered_at: LATER },
    { shipped_at: "2026-11-25T10:00:00.000Z", canceled_at: LATER },
  ];
  const data = told({ fulfillments: parcels }, { detail });
  assert.deepEqual([data.fulfilled_at, data.delivered_at], [AT, LATER]);
});

test("what is not sent is there once it is made ready", () => {
  const detail = { fulfilled_quantity: 2, shipped_quantity: 0, delivered_quantity: 0 };
  const data = told({}, { detail, requires_shipping: false });
  assert.deepEqual([data.fulfilled_at, data.delivered_at], [AT, AT]);
});

test("a guest is named by whom the goods were sent to", () => {
  const { customer } = told({ customer: { id: "cus_2", email: null } });
  assert.deepEqual([customer.first_name, customer.last_name], ["Lo", null]);
  assert.equal(customer.email, "friend@example.com");
});

test("an order without a customer, and one without anything", () => {
  assert.deepEqual(told({ customer: null }).customer, { email: "friend@example.com" });
  assert.equal(told({ customer: null, email: null }).customer, null);
  const empty = orderData(
    { id: "order_2", status: "pending", created_at: AT, currency_code: "jpy" },
    true,
  ) as any;
  assert.deepEqual(empty.totals, {
    items: 0,
    discount: 0,
    shipping: 0,
    tax: 0,
    grand: 0,
    gift_card: 0,
  });
  assert.deepEqual([empty.number, empty.paid_at, empty.is_test], ["order_2", AT, true]);
});
