import assert from "node:assert/strict";
import { test } from "node:test";

import { heldQuantities } from "../src/cancellations";

/** Two pieces at 25.00, of which one was cancelled. */
const LINE = { id: "1", quantity: 1, cancelled: 1, unitPrice: 2500 };

function held(...refunds: Parameters<typeof heldQuantities>[2]): number | undefined {
  return heldQuantities([LINE], 0, refunds).get("1");
}

test("what was cancelled and not paid back is out of the order", () => {
  assert.equal(held(), 1);
  assert.equal(held({ total: 500, lines: [] }), 1);
});

test("what was cancelled and paid back stays in, beside its refund", () => {
  assert.equal(held({ total: 2500, lines: [] }), 2);
  assert.equal(held({ total: 2000, lines: [{ id: "1", quantity: 1 }] }), 2);
});

test("a refund of another line says nothing about this one", () => {
  assert.equal(held({ total: 2000, lines: [{ id: "2", quantity: 1 }] }), 1);
});

test("no more comes back than was cancelled", () => {
  assert.equal(held({ total: 5000, lines: [{ id: "1", quantity: 2 }] }), 2);
  const [kept] = heldQuantities([{ ...LINE, quantity: 2, cancelled: 0 }], 0, []).values();
  assert.equal(kept, 2);
});

test("cancelled shipping is paid back as well before all counts as paid back", () => {
  const refund = { total: 2500, lines: [] };
  assert.equal(heldQuantities([LINE], 500, [refund]).get("1"), 1);
  assert.equal(heldQuantities([LINE], 500, [{ ...refund, total: 3000 }]).get("1"), 2);
});
