import assert from "node:assert/strict";
import { test } from "node:test";

import { Problem } from "../src/lib/problem";
import { differences, parseCode, parseTerms } from "../src/lib/terms";

const ASKED = {
  code: "WM-7K3Q-9XM2P-48RT",
  kind: "percent_off",
  value: 10,
  currency: "EUR",
  min_order: 3000,
  expires_at: "2026-12-21T10:00:00Z",
  usage_limit: 1,
  customer: null,
  description: "Referral reward rwd_1",
};

function refused(change: object): Problem {
  try {
    parseTerms({ ...ASKED, ...change });
  } catch (error) {
    assert.ok(error instanceof Problem);
    return error;
  }
  assert.fail(`${JSON.stringify(change)} was accepted`);
}

test("the example of the format is understood", () => {
  assert.deepEqual(parseTerms(ASKED), {
    description: "Referral reward rwd_1",
    terms: {
      code: "WM-7K3Q-9XM2P-48RT",
      kind: "percent_off",
      value: 10,
      currency: "EUR",
      minOrder: 3000,
      expiresAt: "2026-12-21T10:00:00.000Z",
      usageLimit: 1,
      customerId: "",
      customerEmail: "",
      product: "",
    },
  });
});

test("what may be missing is no term", () => {
  const least = { code: "WM-A", kind: "free_shipping", value: 0, currency: "EUR" };
  const { terms } = parseTerms(least);
  assert.deepEqual([terms.minOrder, terms.expiresAt, terms.usageLimit], [null, null, null]);
  assert.equal(parseTerms({ ...ASKED, min_order: 0 }).terms.minOrder, null);
});

test("codes are in capitals", () => {
  assert.equal(parseCode({ code: " wm-abc " }), "WM-ABC");
  for (const code of [undefined, 17, "", "WM", "WM ABC", "WM'--", "W".repeat(65)]) {
    assert.throws(() => parseCode({ code }), /code must be/);
  }
});

test("the customer is known by key or address, whatever the capitals", () => {
  const customer = { id: "17", email: " Ana@Example.com" };
  const { terms } = parseTerms({ ...ASKED, customer });
  assert.deepEqual([terms.customerId, terms.customerEmail], ["17", "ana@example.com"]);
});

test("a field that is malformed is named", () => {
  const wrong: Array<[object, RegExp]> = [
    [{ value: 0 }, /value/],
    [{ value: 101 }, /value must be a whole number from 1 to 100/],
    [{ value: 9.5 }, /value/],
    [{ value: "10" }, /value/],
    [{ value: true }, /value/],
    [{ currency: "euro" }, /currency/],
    [{ min_order: -1 }, /min_order/],
    [{ usage_limit: 0 }, /usage_limit/],
    [{ expires_at: "tomorrow" }, /expires_at/],
    [{ expires_at: "2026-12-21T10:00:00" }, /time zone/],
    [{ customer: "ana" }, /customer/],
    [{ customer: { email: "ana" } }, /customer.email/],
    [{ kind: "free_product" }, /product/],
    [{ kind: "free_product", product: "1; drop" }, /product/],
    [{ description: 17 }, /description/],
  ];
  for (const [change, words] of wrong) {
    const problem = refused(change);
    assert.deepEqual([problem.status, problem.code], [400, "invalid_coupon"]);
    assert.match(problem.detail, words);
  }
});

test("a kind that this shop cannot make is another matter", () => {
  const { status, code, detail } = refused({ kind: "early_access" });
  assert.deepEqual([status, code], [422, "unsupported_kind"]);
  assert.match(detail, /percent_off, amount_off, free_shipping, free_product/);
});

test("two requests differ in the terms, in the words of the format", () => {
  const { terms } = parseTerms(ASKED);
  const sameMoment = parseTerms({ ...ASKED, expires_at: "2026-12-21T12:00:00+02:00" }).terms;
  assert.deepEqual(differences(terms, sameMoment), []);
  const other = parseTerms({ ...ASKED, value: 20, min_order: null, usage_limit: 2 }).terms;
  assert.deepEqual(differences(terms, other), ["min_order", "usage_limit", "value"]);
});

test("a problem is a problem document", () => {
  assert.deepEqual(new Problem(409, "terms_differ", "another value").document(), {
    type: "about:blank",
    title: "Terms differ",
    status: 409,
    code: "terms_differ",
    detail: "another value",
  });
});
