import assert from "node:assert/strict";
import { test } from "node:test";

import { Order } from "@vendure/core";

import { freeLine, mayUse } from "../src/promotion";

const ANA = { id: 17, emailAddress: "Ana@Example.com" };

test("a coupon for anybody is for those as well of whom nothing is known", () => {
  assert.ok(mayUse({ customerId: "", email: "" }, undefined));
  assert.ok(mayUse({ customerId: "", email: "" }, ANA));
});

test("a coupon for one customer is for that one, by key or by address", () => {
  assert.ok(mayUse({ customerId: "17", email: "" }, ANA));
  assert.ok(mayUse({ customerId: "", email: "ana@example.com" }, ANA));
  assert.ok(mayUse({ customerId: "4", email: "ana@example.com" }, ANA));
  assert.ok(!mayUse({ customerId: "4", email: "" }, ANA));
  assert.ok(!mayUse({ customerId: "", email: "ben@example.com" }, ANA));
  assert.ok(!mayUse({ customerId: "", email: "ana@example.com" }, undefined));
});

test("the cheapest piece of the product is the free one", () => {
  const line = (id: number, productId: number, listPrice: number, quantity = 1): object => ({
    id,
    listPrice,
    quantity,
    productVariant: { productId },
  });
  const lines = [line(1, 9, 900), line(2, 9, 500), line(3, 4, 100), line(4, 9, 200, 0)];
  const order = { lines } as unknown as Order;
  assert.equal(freeLine(order, "9"), 2);
  assert.equal(freeLine(order, "4"), 3);
  assert.equal(freeLine(order, "5"), undefined);
});
