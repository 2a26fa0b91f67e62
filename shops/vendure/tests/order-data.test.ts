import assert from "node:assert/strict";
import { test } from "node:test";

import {
  Customer,
  LanguageCode,
  Order,
  OrderLine,
  Payment,
  ProductVariant,
  Refund,
  RefundLine,
  ShippingLine,
} from "@vendure/core";

import { customerData, HistoryFacts, orderData } from "../src/order-data";
import { Settings } from "../src/options";

const { states } = new Settings({});
const PLACED = new Date("2026-11-21T10:00:00Z");
const LATER = new Date("2026-11-22T10:00:00Z");

const CUSTOMER = new Customer({
  id: 17,
  emailAddress: "ben@example.com",
  firstName: "Ben",
  lastName: "B".repeat(200),
  createdAt: PLACED,
});

function line(more: Partial<OrderLine> = {}): OrderLine {
  const productVariant = new ProductVariant({ productId: 9, sku: "TEA-9" });
  productVariant.translations = [];
  return new OrderLine({
    id: 1,
    quantity: 2,
    orderPlacedQuantity: 2,
    listPrice: 2500,
    listPriceIncludesTax: false,
    taxLines: [{ description: "VAT", taxRate: 20 }],
    adjustments: [],
    productVariant,
    ...more,
  } as Partial<OrderLine>);
}

function shipping(cancelled = 0): ShippingLine {
  const gone = { adjustmentSource: "CANCEL_ORDER", amount: -cancelled };
  return new ShippingLine({
    listPrice: 500,
    listPriceIncludesTax: false,
    taxLines: [],
    adjustments: (cancelled ? [gone] : []) as ShippingLine["adjustments"],
  });
}

/** Two packets at 25.00 and 20 % tax, sent for 5.00, paid by card. */
function order(more: Partial<Order> = {}, refunds: Refund[] = []): Order {
  const paid = { id: 5, amount: 6500, state: "Settled", createdAt: PLACED } as Partial<Payment>;
  return new Order({
    code: "ABC",
    state: "PaymentSettled",
    orderPlacedAt: PLACED,
    currencyCode: "EUR",
    couponCodes: ["WM-1"],
    customer: CUSTOMER,
    lines: [line()],
    shippingLines: [shipping()],
    surcharges: [],
    modifications: [],
    payments: [new Payment({ ...paid, refunds })],
    shippingAddress: { countryCode: "EE" },
    ...more,
  } as Partial<Order>);
}

function refund(total: number, quantity: number, state = "Settled"): Refund {
  const lines = quantity ? [new RefundLine({ orderLineId: 1, quantity })] : [];
  return new Refund({ id: 3, total, state, lines, createdAt: LATER } as Partial<Refund>);
}

function cancellation(quantity: number): HistoryFacts {
  const data = { lines: [{ orderLineId: 1, quantity }] };
  return { type: "ORDER_CANCELLATION", at: LATER, data };
}

function told(given: Order, history: HistoryFacts[] = [], stored = 2): any {
  const language = LanguageCode.en;
  return orderData(given, { history, visit: null, language, stored, states, isTest: false });
}

test("an order has all that the format knows", () => {
  const { customer, ...rest } = told(order());
  assert.deepEqual(customer.last_name, "B".repeat(120));
  assert.deepEqual(rest, {
    id: "ABC",
    number: "ABC",
    placed_at: "2026-11-21T10:00:00.000Z",
    paid_at: "2026-11-21T10:00:00.000Z",
    fulfilled_at: null,
    delivered_at: null,
    cancelled_at: null,
    status: "PaymentSettled",
    currency: "EUR",
    totals: { items: 5000, discount: 0, shipping: 500, surcharges: 0, tax: 1000, grand: 6500 },
    discount_codes: ["WM-1"],
    lines: [
      {
        id: "1",
        product_id: "9",
        sku: "TEA-9",
        name: null,
        category: null,
        quantity: 2,
        unit_price: 2500,
        total: 5000,
      },
    ],
    refunds: [],
    shipping_address: { country: "EE" },
    client: { ip: null, user_agent: null },
    attribution: { token: null, code: null },
    is_test: false,
  });
});

test("discounts on the goods and on the order come off items and lines", () => {
  const adjustments = [
    { type: "PROMOTION", amount: -500, adjustmentSource: "PROMOTION:1", description: "" },
    { type: "DISTRIBUTED_ORDER_PROMOTION", amount: -500, adjustmentSource: "PROMOTION:2" },
  ] as OrderLine["adjustments"];
  const { totals, lines } = told(order({ lines: [line({ adjustments })] }));
  assert.deepEqual(totals, {
    items: 5000,
    discount: 1000,
    shipping: 500,
    surcharges: 0,
    tax: 800,
    grand: 5300,
  });
  assert.equal(lines[0].total, 4000);
});

test("yen have no decimals, dinars have three", () => {
  const yen = order({ currencyCode: "JPY" as Order["currencyCode"] });
  assert.deepEqual([told(yen).totals.grand, told(yen).lines[0].unit_price], [65, 25]);
  const dinars = order({ currencyCode: "KWD" as Order["currencyCode"] });
  assert.equal(told(dinars).totals.grand, 65_000);
  assert.equal(told(dinars, [], 3).totals.grand, 6500);
});

test("a refund is told when it is carried out, under its own id", () => {
  assert.deepEqual(told(order({}, [refund(3000, 1, "Pending")])).refunds, []);
  assert.deepEqual(told(order({}, [refund(3000, 1, "Failed")])).refunds, []);
  const settled = {
    type: "ORDER_REFUND_TRANSITION",
    at: new Date("2026-11-23T10:00:00Z"),
    data: { refundId: 3, to: "Settled" },
  };
  assert.deepEqual(told(order({}, [refund(3000, 1)]), [settled]).refunds, [
    { id: "3", amount: 3000, at: "2026-11-23T10:00:00.000Z", lines: [{ id: "1", quantity: 1 }] },
  ]);
});

test("what a modification gave back is in the totals, and no refund", () => {
  const given = refund(3000, 0);
  const modifications = [{ refund: given }] as Order["modifications"];
  assert.deepEqual(told(order({ modifications }, [given])).refunds, []);
});

test("cancelled goods leave the totals unless they are paid back", () => {
  const less = { lines: [line({ quantity: 1 })] };
  const gone = told(order(less), [cancellation(1)]);
  assert.deepEqual([gone.totals.items, gone.lines[0].quantity], [2500, 1]);
  const back = told(order({ lines: [line({ quantity: 1 })] }, [refund(3000, 1)]), [
    cancellation(1),
  ]);
  assert.deepEqual([back.totals.items, back.lines[0].quantity], [5000, 2]);
});

test("cancelled shipping as well", () => {
  const given = (refunds: Refund[] = []): Order =>
    order({ lines: [line({ quantity: 1 })], shippingLines: [shipping(500)] }, refunds);
  const gone = told(given(), [cancellation(1)]).totals;
  assert.deepEqual([gone.items, gone.shipping, gone.grand], [2500, 0, 3000]);
  const back = told(given([refund(3500, 1)]), [cancellation(1)]).totals;
  assert.deepEqual([back.items, back.shipping, back.grand], [5000, 500, 6500]);
});

test("an order that is cancelled as a whole keeps its totals", () => {
  const nothing = { state: "Cancelled" as const, lines: [line({ quantity: 0 })] };
  const { totals, cancelled_at, lines } = told(order(nothing), [cancellation(1), cancellation(1)]);
  assert.deepEqual([totals.grand, lines[0].quantity], [6500, 2]);
  assert.equal(cancelled_at, "2026-11-21T10:00:00.000Z");
});

test("an order in an imported state, without a customer or an address", () => {
  const bare = order({ customer: undefined, shippingAddress: {}, payments: [] });
  const { customer, shipping_address, paid_at } = told(bare);
  assert.deepEqual(
    [customer, shipping_address, paid_at],
    [null, { country: null }, "2026-11-21T10:00:00.000Z"],
  );
});

test("a customer has the key by which orders name them", () => {
  assert.deepEqual(customerData(CUSTOMER), {
    id: "17",
    email: "ben@example.com",
    first_name: "Ben",
    last_name: "B".repeat(120),
    created_at: "2026-11-21T10:00:00.000Z",
  });
});
