import assert from "node:assert/strict";
import { test } from "node:test";

import { coveredAt, milestones, Past } from "../src/lib/facts";

const day = (number: number): Date => new Date(Date.UTC(2026, 10, number));

function past(change: Partial<Past>): Past {
  return {
    placedAt: day(1),
    isCancelled: false,
    cancelledAt: null,
    total: 50,
    captures: [],
    lines: [{ quantity: 2, sent: 0, delivered: 0 }],
    fulfilments: [],
    ...change,
  };
}

test("an order is paid when the money came to the total, in whatever order it is told", () => {
  const captures = [
    { amount: 0.2, at: day(3) },
    { amount: 0.1, at: day(2) },
  ];
  assert.deepEqual(coveredAt(captures, 0.3, day(1)), day(3));
  assert.equal(coveredAt(captures, 0.31, day(1)), null);
  assert.deepEqual(coveredAt([], 0, day(1)), day(1));
});

test("all pieces sent is fulfilled, all arrived is delivered, with the last parcel", () => {
  const partly = milestones(
    past({
      lines: [{ quantity: 2, sent: 1, delivered: 1 }],
      fulfilments: [{ sentAt: day(2), deliveredAt: day(3) }],
    }),
  );
  assert.deepEqual([partly.fulfilled, partly.delivered], [null, null]);
  const wholly = milestones(
    past({
      lines: [{ quantity: 2, sent: 2, delivered: 2 }],
      fulfilments: [
        { sentAt: day(2), deliveredAt: day(5) },
        { sentAt: day(4), deliveredAt: day(4) },
      ],
    }),
  );
  assert.deepEqual([wholly.fulfilled, wholly.delivered], [day(4), day(5)]);
});

test("what arrived was sent, whether or not that was noted", () => {
  const { fulfilled, delivered } = milestones(
    past({
      lines: [{ quantity: 2, sent: 0, delivered: 2 }],
      fulfilments: [{ sentAt: null, deliveredAt: day(6) }],
    }),
  );
  assert.deepEqual([fulfilled, delivered], [day(6), day(6)]);
});

test("an order without goods is never sent, and one that is cancelled says so", () => {
  const { fulfilled, cancelled } = milestones(
    past({ lines: [], isCancelled: true, cancelledAt: day(7) }),
  );
  assert.deepEqual([fulfilled, cancelled], [null, day(7)]);
});
