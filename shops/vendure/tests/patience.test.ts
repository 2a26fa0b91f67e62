import assert from "node:assert/strict";
import { test } from "node:test";

import { sleepAfter, waitAfter } from "../src/patience";

test("a snapshot is tried again after 5 seconds, then ever later, at least once an hour", () => {
  assert.deepEqual([0, 1, 2, 9, 10, 1000].map(waitAfter), [5, 10, 20, 2560, 3600, 3600]);
});

test("a process rests for 5 seconds, then longer, at most for a minute", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 1000].map(sleepAfter), [5, 10, 20, 40, 60, 60]);
});
