/** The terms of a coupon as the engine asks for them, checked as far as that needs no database. */
import { Problem } from "./problem";

export const KINDS = ["percent_off", "amount_off", "free_shipping", "free_product"] as const;
export type Kind = (typeof KINDS)[number];

/** One coupon, checked. Amounts are minor units of `currency`. */
export interface CouponTerms {
  code: string;
  kind: Kind;
  value: number;
  currency: string;
  minOrder: number | null;
  /** In UTC with milliseconds, so that the same moment is always the same text. */
  expiresAt: string | null;
  usageLimit: number | null;
  /** Key and e-mail address of the one customer who may use it; both empty: anybody. */
  customerId: string;
  customerEmail: string;
  /** Id of the product of which one piece is free; empty for the other kinds. */
  product: string;
}

/** The terms and the words for the shop's staff, which are not one of the terms. */
export interface Wish {
  terms: CouponTerms;
  description: string;
}

type Data = Record<string, unknown>;

const CODE = /^[A-Z0-9_-]{4,64}$/;
const CURRENCY = /^[A-Z]{3}$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;
const PRODUCT = /^[\w-]{1,64}$/;
const HIGHEST_AMOUNT = 20_000_000;
const HIGHEST_COUNT = 1_000_000;

/** The coupon code in capitals. Throws Problem 400 if it is missing or has other characters. */
export function parseCode(data: Data): string {
  const code = typeof data.code === "string" ? data.code.trim().toUpperCase() : "";
  if (!CODE.test(code)) {
    throw invalid("code must be 4 to 64 characters of A-Z, 0-9, - and _");
  }
  return code;
}

/**
 * The terms in a `coupon.issue` message. Throws Problem: 400 for a field that is malformed, 422 for
 * a kind that this shop cannot make.
 */
export function parseTerms(data: Data): Wish {
  const code = parseCode(data);
  const kind = KINDS.find((one) => one === data.kind);
  if (!kind) {
    const told = JSON.stringify(data.kind) ?? "missing";
    throw new Problem(
      422,
      "unsupported_kind",
      `kind ${told} is not possible here; ${KINDS.join(", ")} are`,
    );
  }
  const currency = data.currency;
  if (typeof currency !== "string" || !CURRENCY.test(currency)) {
    throw invalid("currency must be an ISO 4217 code such as EUR");
  }
  const { id, email } = parseCustomer(data.customer);
  const terms = {
    code,
    kind,
    value: parseValue(data, kind),
    currency,
    minOrder: optionalWhole(data, "min_order", 0, HIGHEST_AMOUNT) || null,
    expiresAt: parseMoment(data.expires_at),
    usageLimit: optionalWhole(data, "usage_limit", 1, HIGHEST_COUNT),
    customerId: id,
    customerEmail: email,
    product: parseProduct(data, kind),
  };
  return { terms, description: text(data.description, "description", 1000) };
}

/** The names of the terms in which two requests for one code differ, in the words of the format. */
export function differences(one: CouponTerms, other: CouponTerms): string[] {
  const names = Object.keys(other) as Array<keyof CouponTerms>;
  return names
    .filter((name) => one[name] !== other[name])
    .map((name) => name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`))
    .sort();
}

/** An e-mail address in the form in which two are compared. */
export function plain(email: string): string {
  return email.trim().toLowerCase();
}

function invalid(detail: string): Problem {
  return new Problem(400, "invalid_coupon", detail);
}

function parseValue(data: Data, kind: Kind): number {
  if (kind === "free_shipping" || kind === "free_product") {
    return 0;
  }
  return whole(data, "value", 1, kind === "percent_off" ? 100 : HIGHEST_AMOUNT);
}

function parseProduct(data: Data, kind: Kind): string {
  if (kind !== "free_product") {
    return "";
  }
  const product = typeof data.product === "string" ? data.product.trim() : "";
  if (!PRODUCT.test(product)) {
    throw invalid("product must be the id of a product of this shop");
  }
  return product;
}

function optionalWhole(data: Data, name: string, low: number, high: number): number | null {
  return data[name] == null ? null : whole(data, name, low, high);
}

function whole(data: Data, name: string, low: number, high: number): number {
  const value = data[name];
  if (typeof value !== "number" || !Number.isInteger(value) || value < low || value > high) {
    throw invalid(`${name} must be a whole number from ${low} to ${high}`);
  }
  return value;
}

function parseMoment(given: unknown): string | null {
  if (given == null) {
    return null;
  }
  const moment = typeof given === "string" && MOMENT.test(given) ? new Date(given) : undefined;
  if (!moment || Number.isNaN(moment.getTime())) {
    throw invalid("expires_at must be an RFC 3339 time with a time zone");
  }
  return moment.toISOString();
}

function parseCustomer(given: unknown): { id: string; email: string } {
  if (given == null) {
    return { id: "", email: "" };
  }
  if (typeof given !== "object" || Array.isArray(given)) {
    throw invalid("customer must be an object with id and email, or null");
  }
  const customer = given as Data;
  const email = plain(text(customer.email, "customer.email", 254));
  if (email && !email.includes("@")) {
    throw invalid("customer.email must be an e-mail address");
  }
  return { id: text(customer.id, "customer.id", 64), email };
}

function text(given: unknown, name: string, longest: number): string {
  if (given == null) {
    return "";
  }
  if (typeof given !== "string" || given.length > longest) {
    throw invalid(`${name} must be text of at most ${longest} characters`);
  }
  return given.trim();
}
