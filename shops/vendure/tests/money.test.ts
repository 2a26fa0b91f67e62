import assert from "node:assert/strict";
import { test } from "node:test";

import { fromMinor, minorDigits, toMinor } from "../src/money";

test("currencies have the decimals of ISO 4217", () => {
  const digits = ["EUR", "JPY", "KWD", "CLF", "eur"].map(minorDigits);
  assert.deepEqual(digits, [2, 0, 3, 4, 2]);
});

test("Vendure's two decimals are yen, cents and fils", () => {
  assert.equal(toMinor(1234, "EUR", 2), 1234);
  assert.equal(toMinor(100_000, "JPY", 2), 1000);
  assert.equal(toMinor(100_050, "JPY", 2), 1001);
  assert.equal(toMinor(1234, "KWD", 2), 12_340);
});

test("a shop may store other decimals", () => {
  assert.equal(toMinor(1000, "JPY", 0), 1000);
  assert.equal(toMinor(12_345, "KWD", 3), 12_345);
  assert.equal(toMinor(12_345, "EUR", 3), 1235);
});

test("back again, and nothing is rounded away", () => {
  assert.equal(fromMinor(1000, "EUR", 2), 1000);
  assert.equal(fromMinor(1000, "JPY", 2), 100_000);
  assert.equal(fromMinor(12_340, "KWD", 2), 1234);
  assert.equal(fromMinor(12_345, "KWD", 2), undefined);
});
