import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";

import { LONGEST_BODY, rawBody } from "../src/lib/raw-body";

test("the bytes are kept as they came", async () => {
  const parts = [Buffer.from('{"a": '), Buffer.from("1}")];
  assert.equal(String(await rawBody(Readable.from(parts))), '{"a": 1}');
});

test("a body has 64 kB and not one byte more", async () => {
  assert.equal((await rawBody(Readable.from([Buffer.alloc(LONGEST_BODY)])))?.length, LONGEST_BODY);
  const longer = [Buffer.alloc(LONGEST_BODY), Buffer.alloc(1)];
  assert.equal(await rawBody(Readable.from(longer)), undefined);
});
