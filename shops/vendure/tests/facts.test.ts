import assert from "node:assert/strict";
import { test } from "node:test";

import { coveredAt, milestones, Past } from "../src/facts";
import { Settings } from "../src/options";

const { states } = new Settings({});
const day = (number: number): Date => new Date(Date.UTC(2026, 10, number));

/** An order that came into these states on the 2nd, the 3rd and so on. */
function past(inStates: string[], more: Partial<Past> = {}): Past {
  const transitions = inStates.map((to, place) => ({ to, at: day(place + 2) }));
  const state = inStates[inStates.length - 1];
  return { state, placedAt: day(1), transitions, payments: [], total: 5000, ...more };
}

test("each state proves what it says", () => {
  const found = milestones(past(["PaymentSettled", "Shipped", "Delivered"]), states);
  assert.deepEqual(found, { paid: day(2), fulfilled: day(3), delivered: day(4), cancelled: null });
});

test("a promise to pay and a part of the goods prove nothing", () => {
  const found = milestones(past(["PaymentAuthorized", "PartiallyShipped"]), states);
  assert.deepEqual(found, { paid: null, fulfilled: null, delivered: null, cancelled: null });
});

test("delivered implies fulfilled", () => {
  const found = milestones(past(["PaymentSettled", "Delivered"]), states);
  assert.deepEqual(found.fulfilled, day(3));
});

test("what was reached stays while the order is modified", () => {
  const found = milestones(past(["PaymentSettled", "Shipped", "Modifying", "Shipped"]), states);
  assert.deepEqual([found.paid, found.fulfilled], [day(2), day(3)]);
});

test("goods that are paid after they were sent are paid when the money came", () => {
  const payments = [
    { amount: 1000, at: day(8) },
    { amount: 4000, at: day(7) },
  ];
  assert.deepEqual(milestones(past(["Shipped"], { payments }), states).paid, day(8));
  assert.equal(coveredAt(payments, 5001), null);
  assert.deepEqual(coveredAt([{ amount: 0, at: day(3) }], 0), day(3));
});

test("only what is cancelled now is cancelled", () => {
  const found = milestones(past(["PaymentSettled", "Cancelled"]), states);
  assert.deepEqual([found.paid, found.cancelled], [day(2), day(3)]);
});

test("an imported order has a state and no history", () => {
  const found = milestones(past([], { state: "Delivered" }), states);
  assert.deepEqual(found, { paid: null, fulfilled: day(1), delivered: day(1), cancelled: null });
});

test("a shop's own states prove what its options say", () => {
  const own = new Settings({ states: { Collected: ["paid", "delivered"] } }).states;
  const found = milestones(past(["Collected"]), own);
  assert.deepEqual([found.paid, found.delivered], [day(2), day(2)]);
  assert.throws(
    () => new Settings({ states: { Sent: ["sent" as "paid"] } }),
    /states.Sent has sent; allowed are paid, fulfilled, delivered, cancelled/,
  );
});
