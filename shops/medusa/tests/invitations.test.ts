import assert from "node:assert/strict";
import { test } from "node:test";

import { Buyer, invitation, mayBeInvited } from "../src/lib/invitations";
import { Settings } from "../src/lib/options";

const NOW = new Date("2026-11-22T10:00:00Z");
const SECRET = "whsec_YSBzZWNyZXQgdGhhdCBvbmx5IHdlIHR3byBrbm93ISE=";
const SETTINGS = {
  url: "https://refer.example/",
  storeId: "str_1",
  storeSlug: "tea",
  secret: SECRET,
};

function order(change: Partial<Buyer> = {}): Buyer {
  const customer = { id: "cus_1", email: "mari@example.com", has_account: false };
  return { email: "mari@example.com", created_at: "2026-11-22T09:00:00Z", customer, ...change };
}

test("a guest is invited for two hours, a customer with an account while logged in", () => {
  assert.ok(mayBeInvited(order(), undefined, NOW));
  assert.ok(!mayBeInvited(order({ created_at: "2026-11-22T07:59:59Z" }), undefined, NOW));
  const known = order({ customer: { id: "cus_1", has_account: true } });
  assert.ok(mayBeInvited(known, "cus_1", NOW));
  assert.ok(!mayBeInvited(known, undefined, NOW));
  assert.ok(!mayBeInvited(known, "cus_2", NOW));
});

test("the invitation carries who the customer is, and there is none without a store", () => {
  const address = invitation(order(), new Settings(SETTINGS), NOW) ?? "";
  const [page, token] = address.split("?customer=");
  assert.equal(page, "https://refer.example/s/tea/join");
  const claims = JSON.parse(Buffer.from(token.split(".")[0], "base64url").toString());
  assert.deepEqual([claims.email, claims.id], ["mari@example.com", "cus_1"]);
  assert.equal(invitation(order(), new Settings({ ...SETTINGS, storeSlug: "" }), NOW), null);
  assert.equal(invitation(order(), new Settings({}), NOW), null);
  assert.equal(invitation(order({ customer: null }), new Settings(SETTINGS), NOW), null);
});
