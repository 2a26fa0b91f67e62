import assert from "node:assert/strict";
import { createServer, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";

import {
  bootstrapWorker,
  ProductService,
  Promotion,
  RequestContext,
  RequestContextService,
  TransactionalConnection,
  VendureWorker,
} from "@vendure/core";

import { configFor } from "../shop/config";
import { stockUp } from "../shop/stock";
import { Coupons, IssuedCoupon, Outbox, PendingSnapshot, WordmouthPlugin } from "../src";
import { parseTerms } from "../src/terms";

const NOTHING = { sent: 0, gone: 0, failed: 0, stoppedBy: "", rest: 0 };

// A whole shop without a door, and an engine that takes or refuses what it is told.
let shop: VendureWorker;
let engine: Server;
let outbox: Outbox;
let connection: TransactionalConnection;
let ctx: RequestContext;
let answers: number[];
let heard: Array<{ id: string; type: string; data: { id: string; name: string } }>;

before(async () => {
  engine = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      response.statusCode = answers.shift() ?? 202;
      if (response.statusCode === 429) {
        response.setHeader("retry-after", "120");
      }
      if (response.statusCode === 202) {
        const id = String(request.headers["webhook-id"]);
        heard.push({ id, ...JSON.parse(String(Buffer.concat(parts))) });
      }
      response.end("{}");
    });
  });
  await new Promise<void>((done) => engine.listen(0, "127.0.0.1", done));
  const config = configFor(0);
  WordmouthPlugin.init({
    url: `http://127.0.0.1:${(engine.address() as AddressInfo).port}`,
    storeId: "str_1",
    secret: "whsec_YSBzZWNyZXQgdGhhdCBvbmx5IHdlIHR3byBrbm93ISE=",
    background: false,
    delay: 0,
  });
  shop = await bootstrapWorker(config);
  await stockUp(shop.app);
  outbox = shop.app.get(Outbox);
  connection = shop.app.get(TransactionalConnection);
  ctx = await shop.app.get(RequestContextService).create({ apiType: "admin" });
});

after(async () => {
  await shop.app.close();
  engine.close();
});

beforeEach(async () => {
  answers = [];
  heard = [];
  await rows().clear();
});

function rows() {
  return connection.rawConnection.getRepository(PendingSnapshot);
}

/** Change the shop's one product. */
async function rename(name: string): Promise<void> {
  const translations = [{ languageCode: ctx.languageCode, name }];
  await connection.withTransaction(ctx, (within) =>
    shop.app.get(ProductService).update(within, { id: 1, translations }),
  );
}

/** Make everything due at once. */
async function waitForTurn(): Promise<void> {
  await rows().update({ attempts: 1 }, { dueAt: new Date() });
}

test("a change is told once, as the thing is when it is sent", async () => {
  await rename("Green tea");
  await rename("Black tea");
  assert.equal((await outbox.pending()).count, 2);
  assert.deepEqual(await outbox.flush(), { ...NOTHING, sent: 1 });
  const [told] = heard;
  assert.deepEqual(
    [told.type, told.data.id, told.data.name],
    ["product.snapshot", "1", "Black tea"],
  );
  assert.deepEqual(await outbox.pending(), { count: 0, oldest: 0, lastError: "" });
});

test("a change that is undone is not told", async () => {
  await assert.rejects(
    connection.withTransaction(ctx, async (within) => {
      await outbox.mark(within, "product", 1);
      throw new Error("the checkout failed");
    }),
  );
  assert.equal((await outbox.pending()).count, 0);
});

test("what the engine did not take waits, and is told again by the same name", async () => {
  await rename("Tea");
  answers = [503];
  const { failed, stoppedBy } = await outbox.flush();
  assert.deepEqual([failed, stoppedBy], [1, "503: {}"]);
  const [waiting] = await rows().find();
  assert.ok(waiting.dueAt.getTime() > Date.now() + 3000);
  assert.equal((await outbox.flush()).sent, 0, "its turn has not come");
  assert.equal((await outbox.pending()).lastError, "503: {}");
  await waitForTurn();
  assert.equal((await outbox.flush()).sent, 1);
  assert.equal(heard[0].id, `msg_${waiting.mark}`);
});

test("an engine that asks to be left alone is", async () => {
  await outbox.mark(ctx, "product", 1);
  answers = [429];
  assert.equal((await outbox.flush()).rest, 120);
  const [waiting] = await rows().find();
  assert.ok(waiting.dueAt.getTime() > Date.now() + 110_000);
});

test("what the engine refuses for good does not hold up the others", async () => {
  await outbox.mark(ctx, "product", 1);
  await outbox.markHistory("product", [1]);
  await rows().update({ isBackfill: true }, { kind: "customer" });
  answers = [413];
  const done = await outbox.flush();
  assert.deepEqual([done.failed, done.gone, done.stoppedBy], [1, 1, ""]);
});

test("what is gone is forgotten", async () => {
  await outbox.mark(ctx, "order", 4711);
  assert.deepEqual(await outbox.flush(), { ...NOTHING, gone: 1 });
  assert.equal((await outbox.pending()).count, 0);
});

test("two at once send nothing twice", async () => {
  await outbox.mark(ctx, "product", 1);
  const both = await Promise.all([outbox.flush(), outbox.flush()]);
  assert.equal(both[0].sent + both[1].sent, 1);
});

test("who died while sending holds nothing up for ever", async () => {
  await outbox.mark(ctx, "product", 1);
  const held = { lease: "somebody", leasedUntil: new Date(Date.now() + 60_000) };
  await rows().update({ kind: "product" }, held);
  assert.equal((await outbox.flush()).sent, 0);
  await rows().update({ kind: "product" }, { leasedUntil: new Date(Date.now() - 1) });
  assert.equal((await outbox.flush()).sent, 1);
});

test("history waits behind news", async () => {
  await outbox.markHistory("order", [4711]);
  await outbox.mark(ctx, "product", 1);
  answers = [503];
  await outbox.flush();
  const [history] = await rows().findBy({ isBackfill: true });
  assert.deepEqual([history.kind, history.lease], ["order", ""]);
});

test("expired coupons are disabled, and still told as expired", async () => {
  const coupons = shop.app.get(Coupons);
  const asked = { code: "WM-OVER", kind: "percent_off", value: 10, currency: "EUR" };
  await coupons.issue(parseTerms({ ...asked, expires_at: "2020-01-01T00:00:00Z" }));
  await coupons.issue(parseTerms({ ...asked, code: "WM-GOOD" }));
  await coupons.retire();
  const promotions = connection.rawConnection.getRepository(Promotion);
  const enabled = (await promotions.find()).map((one) => [one.couponCode, one.enabled]);
  assert.deepEqual(enabled, [
    ["WM-OVER", false],
    ["WM-GOOD", true],
  ]);
  assert.equal((await coupons.lookup("WM-OVER")).state, "expired");
  assert.equal(await connection.rawConnection.getRepository(IssuedCoupon).count(), 2);
});
