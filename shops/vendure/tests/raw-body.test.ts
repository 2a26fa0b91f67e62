import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";

import { keepRawBody, KeptRequest, LONGEST_BODY } from "../src/raw-body";

async function kept(...parts: Buffer[]): Promise<Buffer | undefined> {
  const request = Readable.from(parts) as unknown as KeptRequest;
  await new Promise((done) => keepRawBody(request, undefined as never, done));
  return request.wordmouthBody;
}

test("the bytes are kept as they came", async () => {
  assert.equal(String(await kept(Buffer.from('{"a": '), Buffer.from("1}"))), '{"a": 1}');
});

test("a body has 64 kB and not one byte more", async () => {
  assert.equal((await kept(Buffer.alloc(LONGEST_BODY)))?.length, LONGEST_BODY);
  assert.equal(await kept(Buffer.alloc(LONGEST_BODY), Buffer.alloc(1)), undefined);
});
