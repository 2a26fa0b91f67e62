import assert from "node:assert/strict";
import { test } from "node:test";

import { fromMinor, numeric, toMinor } from "../src/lib/money";

test("whole units become minor units of the currency, rounded half up", () => {
  assert.deepEqual(
    [toMinor(10.5, "EUR"), toMinor(1.005, "eur"), toMinor(1000, "JPY"), toMinor(1.2345, "KWD")],
    [1050, 101, 1000, 1235],
  );
});

test("minor units become whole units again", () => {
  assert.deepEqual(
    [fromMinor(1050, "EUR"), fromMinor(1000, "JPY"), fromMinor(1234, "KWD")],
    [10.5, 1000, 1.234],
  );
});

test("an amount is a number however Medusa tells it", () => {
  const told = [25, "25.5", { numeric: 7 }, { value: "4.25" }, null, undefined];
  assert.deepEqual(told.map(numeric), [25, 25.5, 7, 4.25, 0, 0]);
});
