import assert from "node:assert/strict";
import { test } from "node:test";

import {
  BadSignature,
  customerToken,
  secretBytes,
  signature,
  signedHeaders,
  verify,
} from "../src/lib/signing";

// The worked example of the generic format.
const SECRET = "whsec_YSBzZWNyZXQgdGhhdCBvbmx5IHdlIHR3byBrbm93ISE=";
const KEY = secretBytes(SECRET);
const AT = 1795255200;
const BODY = Buffer.from(
  '{"type":"order.snapshot","timestamp":"2026-11-21T10:00:00Z","data":{"id":"1001",' +
    '"updated_at":"2026-11-21T10:00:00Z","currency":"EUR","totals":{"grand":4900}}}',
);
const WORKED = "v1,w1/a0Up9jnV/0Eh3jmBpadmm+y4WAc9UKwvAcA2UWEc=";

function check(headers: Record<string, string>, body = BODY, now = AT, keys = [KEY]): void {
  verify(keys, (name) => headers[name], body, now);
}

test("the worked example has the signature that the format's page tells", () => {
  assert.equal(signature(KEY, "msg_1001_1", AT, BODY), WORKED);
});

test("what was signed is accepted, up to 300 seconds away and by any of the keys", () => {
  const headers = signedHeaders(KEY, "msg_1", AT, BODY);
  const newer = secretBytes("whsec_bmV3ZXI=");
  check(headers);
  check(headers, BODY, AT + 300);
  check(headers, BODY, AT - 300);
  check(headers, BODY, AT, [newer, KEY]);
  check({ ...headers, "webhook-signature": `v1,c29tZSBvdGhlcg== ${headers["webhook-signature"]}` });
});

test("anything else is refused, and the reason is said", () => {
  const headers = signedHeaders(KEY, "msg_1", AT, BODY);
  const refused = (words: RegExp, ...given: Parameters<typeof check>): void =>
    assert.throws(
      () => check(...given),
      (error) => {
        assert.ok(error instanceof BadSignature);
        assert.match(error.message, words);
        return true;
      },
    );
  refused(/no signature fits/, headers, Buffer.from(`${BODY} `));
  refused(/no signature fits/, { ...headers, "webhook-id": "msg_2" });
  refused(/no signature fits/, headers, BODY, AT, [secretBytes("whsec_b3RoZXI=")]);
  refused(/no signature fits/, { ...headers, "webhook-signature": "v1,short" });
  refused(/300 seconds/, headers, BODY, AT + 301);
  refused(/300 seconds/, headers, BODY, AT - 301);
  refused(/unix seconds/, { ...headers, "webhook-timestamp": "yesterday" });
  for (const name of Object.keys(headers)) {
    refused(/are required/, { ...headers, [name]: "" });
  }
});

test("a secret that is none is refused", () => {
  for (const wrong of ["", "whsec_", "YWJj", "whsec_not base64", "whsec_YWJ"]) {
    assert.throws(() => secretBytes(wrong), /whsec_ followed by base64/);
  }
});

test("the customer token is that of the format's page", () => {
  const claims = {
    email: "mari@example.com",
    id: "c-17",
    first_name: "Mari",
    last_name: "Tamm",
    locale: "et",
    iat: AT,
  };
  assert.equal(
    customerToken(KEY, claims),
    "eyJlbWFpbCI6Im1hcmlAZXhhbXBsZS5jb20iLCJpZCI6ImMtMTciLCJmaXJzdF9uYW1lIjoiTWFyaSIsImxhc3Rf" +
      "bmFtZSI6IlRhbW0iLCJsb2NhbGUiOiJldCIsImlhdCI6MTc5NTI1NTIwMH0." +
      "Zakg9NRbuiDUNqLbOOEq_sWQV3F9shgKT69CcC8ksz8",
  );
});
