import assert from "node:assert/strict";
import { test } from "node:test";

import { waitAfter } from "../src/lib/patience";

test("a snapshot is tried again after 5 seconds, then ever later, at least once an hour", () => {
  assert.deepEqual([0, 1, 2, 9, 10, 1000].map(waitAfter), [5, 10, 20, 2560, 3600, 3600]);
});
