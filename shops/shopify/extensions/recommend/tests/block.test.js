// The block's logic by itself: no shop, no network, no packages.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { addressOf, ask } from "../src/engine.js";
import { run } from "../src/run.js";
import { view } from "../src/view.js";

const WORDS = JSON.parse(readFileSync(new URL("../locales/en.default.json", import.meta.url), "utf8"));
const SETTINGS = { engine: "https://refer.example/", store: "str_1" };
const INVITATION = {
  live: true,
  url: "https://refer.example/s/tea/join?key=k",
  offer: {
    headline: "Give 10% off, get €10.00 off.",
    lead: "You get €10.00 off for every friend who buys.",
    tickets: [{ whose: "For your friend", value: "10% off", detail: "on the first order", icon: "percent" }],
    conditions: [],
  },
  portal: null,
};
const ADVOCATE = {
  live: true,
  url: "https://refer.example/s/tea/me",
  offer: null,
  portal: {
    headline: "Give 10% off, get €10.00 off.",
    live: true,
    link: "https://refer.example/r/ANA-1",
    code: "ANA-1",
    wallet: {
      purses: [
        { key: "credit", name: "Store credit", available: "€5.00", pending: "", debt: "" },
        { key: "points", name: "Points", available: "120", pending: "40", debt: "" },
      ],
    },
  },
};

const h = (name, has, ...within) => ({ name, has: has ?? {}, within });

function say(key, values = {}) {
  assert.ok(key in WORDS, `no word ${key}`);
  return WORDS[key].replace(/{{(\w+)}}/g, (_, name) => {
    assert.ok(name in values, `${key} is not told ${name}`);
    return values[name];
  });
}

function all(tree) {
  if (tree === null) return [];
  if (typeof tree === "string") return [tree];
  return [tree, ...tree.within.flatMap(all)];
}

const texts = (tree) => all(tree).filter((part) => typeof part === "string");
const named = (tree, name) => all(tree).filter((part) => part.name === name);

/** What Shopify gives an extension, and what it was asked and shown. */
function page(answers, settings = SETTINGS) {
  const seen = { asked: [], shown: [], tokens: 0, change: null };
  const shopify = {
    settings: { value: settings, subscribe: (told) => (seen.change = told) },
    sessionToken: { get: async () => `token-${++seen.tokens}` },
    localization: { language: { value: { isoCode: "en-IE" } } },
    i18n: { translate: say },
  };
  const get = async (address, how) => {
    seen.asked.push({ address, ...how.headers });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    const { status = 200, body, after } = answer;
    await after;
    return { ok: status < 400, status, json: async () => body };
  };
  return { seen, shopify, open: () => run(shopify, h, (tree) => seen.shown.push(tree), get) };
}

test("settings that name no engine ask nobody", () => {
  assert.equal(addressOf(SETTINGS), "https://refer.example/s/-/str_1/shopify.json");
  assert.equal(
    addressOf({ engine: " https://refer.example:8443 ", store: " str_1 " }),
    "https://refer.example:8443/s/-/str_1/shopify.json",
  );
  for (const settings of [
    {},
    { engine: "https://refer.example" },
    { engine: "http://refer.example", store: "str_1" },
    { engine: "https://refer.example/x", store: "str_1" },
    { engine: "https://refer.example", store: "../str_1" },
  ]) {
    assert.equal(addressOf(settings), null);
  }
});

test("an advocate copies link and code, and sees what the wallet holds", () => {
  const tree = view(h, ADVOCATE, say);
  const copied = new Map(named(tree, "s-clipboard-item").map(({ has }) => [has.id, has.text]));
  const buttons = named(tree, "s-button").map(({ has }) => copied.get(has.commandFor));
  assert.deepEqual(buttons, [ADVOCATE.portal.link, ADVOCATE.portal.code]);
  assert.ok(texts(tree).includes("Store credit: €5.00"));
  assert.ok(texts(tree).includes("Points: 120, 40 more on the way"));
  assert.equal(named(tree, "s-link")[0].has.href, ADVOCATE.url);
});

test("a link that brings nobody is not offered to be shared", () => {
  const tree = view(h, { ...ADVOCATE, portal: { ...ADVOCATE.portal, live: false } }, say);
  assert.equal(named(tree, "s-clipboard-item").length, 0);
  assert.ok(texts(tree).includes(WORDS.resting));
  assert.ok(texts(tree).includes("Store credit: €5.00"));
});

test("anybody else is invited", () => {
  const tree = view(h, INVITATION, say);
  assert.deepEqual(texts(tree), [
    INVITATION.offer.headline,
    INVITATION.offer.lead,
    "For your friend: 10% off on the first order",
    "Get your link",
  ]);
  assert.equal(named(tree, "s-button")[0].has.href, INVITATION.url);
});

test("nothing is shown while the programme rests", () => {
  assert.equal(view(h, { live: false, url: "", offer: null, portal: null }, say), null);
  assert.equal(view(h, null, say), null);
});

test("the page asks once, with a token of Shopify's, in the customer's language", async () => {
  const { seen, open } = page([{ body: ADVOCATE }]);
  await open();
  seen.change();
  assert.deepEqual(seen.asked, [
    {
      address: "https://refer.example/s/-/str_1/shopify.json",
      authorization: "Bearer token-1",
      "accept-language": "en-IE",
    },
  ]);
  assert.equal(seen.shown.length, 1);
  assert.ok(texts(seen.shown[0]).includes("ANA-1"));
});

test("when anything fails nothing is shown and nothing is thrown", async (t) => {
  t.mock.method(console, "warn", () => {});
  for (const answer of [
    new TypeError("Failed to fetch"),
    { status: 401, body: { code: "session_refused" } },
    { status: 503, body: {} },
    { body: { live: true, portal: null, offer: null } },
  ]) {
    const { seen, open } = page([answer]);
    await open();
    assert.deepEqual(seen.shown, [null]);
  }
  assert.equal(console.warn.mock.callCount(), 4);
});

test("settings that the merchant changes are asked with anew, and the last one counts", async () => {
  let slow;
  const { seen, shopify, open } = page([
    { body: INVITATION, after: new Promise((done) => (slow = done)) },
    { body: ADVOCATE },
  ], {});
  await open();
  assert.deepEqual([seen.asked.length, seen.shown], [0, [null]]);
  shopify.settings.value = SETTINGS;
  const first = seen.change();
  shopify.settings.value = { ...SETTINGS, store: "str_2" };
  await seen.change();
  slow();
  await first;
  assert.equal(seen.asked.length, 2);
  assert.equal(seen.shown.length, 2, "the answer for the old settings came too late");
  assert.ok(texts(seen.shown[1]).includes("ANA-1"));
});

test("an answer that never comes is given up", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const never = (_, { signal }) =>
    new Promise((_done, fail) => signal.addEventListener("abort", () => fail(signal.reason)));
  const asked = ask("https://refer.example", "t", "en", never);
  t.mock.timers.tick(10000);
  await assert.rejects(asked, { name: "AbortError" });
});
