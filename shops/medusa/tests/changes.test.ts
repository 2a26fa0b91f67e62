import assert from "node:assert/strict";
import { test } from "node:test";

import {
  changedSince,
  ordersOfFulfilment,
  ordersOfPayment,
  SOURCES,
  windowStart,
} from "../src/lib/changes";
import type { Query } from "../src/lib/snapshots";

type Question = Parameters<Query["graph"]>[0];

function shop(answer: (question: Question) => unknown[]): Query & { asked: Question[] } {
  const asked: Question[] = [];
  const graph = async (question: Question) => {
    asked.push(question);
    return { data: answer(question) };
  };
  return { asked, graph };
}

test("what changed is read in pages until one is not full", async () => {
  const ids = Array.from({ length: 450 }, (_, number) => ({ id: `order_${number}` }));
  const query = shop(({ pagination }) =>
    ids.slice(pagination!.skip, pagination!.skip + pagination!.take),
  );
  const seen: string[] = [];
  for await (const page of changedSince(query, SOURCES.order, new Date(0))) {
    seen.push(...page);
  }
  assert.deepEqual(seen, ids.map((one) => one.id));
  assert.equal(query.asked.length, 3);
  assert.deepEqual(query.asked[0].filters, { updated_at: { $gte: new Date(0) } });
});

test("money and parcels are told as the orders that they belong to, each once", async () => {
  const query = shop(({ entity, filters }) => {
    switch (entity) {
      case "payment":
        return filters!.id === "pay_1" ? [{ id: "pay_1", payment_collection_id: "col_1" }] : [];
      case "refund":
        return [
          { id: "ref_1", payment: { payment_collection_id: "col_1" } },
          { id: "ref_2", payment: { payment_collection_id: "col_1" } },
        ];
      default:
        return [{ order_id: "order_1" }];
    }
  });
  assert.deepEqual(await ordersOfPayment(query, "pay_1"), ["order_1"]);
  assert.deepEqual(await ordersOfPayment(query, "pay_2"), [], "a payment of no order");
  assert.deepEqual(await ordersOfFulfilment(query, "ful_1"), ["order_1"]);
  assert.deepEqual(query.asked.at(-1)?.filters, { fulfillment_id: ["ful_1"] });
  for await (const page of changedSince(query, SOURCES.refund, new Date(0))) {
    assert.deepEqual(page, ["order_1"]);
  }
  assert.deepEqual(query.asked.at(-1)?.filters, { payment_collection_id: ["col_1"] });
});

test("a minute is read twice, and the first time everything", () => {
  const seen = new Date("2026-11-22T10:00:00Z");
  assert.deepEqual(windowStart(seen), new Date("2026-11-22T09:59:00Z"));
  assert.deepEqual(windowStart(undefined), new Date(0));
});
