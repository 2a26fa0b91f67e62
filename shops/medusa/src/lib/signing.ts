/**
 * Signatures: Standard Webhooks for what is sent and received, and the customer token. A few lines
 * of HMAC from Node itself, so that a shop takes on no further package for them.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

const PREFIX = "whsec_";
const TOLERANCE_SECONDS = 300;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The message is not proven to come from the engine, or it is too old or too new. */
export class BadSignature extends Error {}

/** The claims of a customer token; `iat` is in seconds since 1970. */
export interface CustomerClaims {
  email: string;
  id: string;
  first_name: string;
  last_name: string;
  locale: string | null;
  iat: number;
}

/** The key inside a `whsec_...` secret. Throws an Error in words if it does not have that form. */
export function secretBytes(secret: string): Buffer {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : "";
  if (!encoded || !BASE64.test(encoded)) {
    throw new Error(`a secret is ${PREFIX} followed by base64`);
  }
  return Buffer.from(encoded, "base64");
}

/** The value of the `webhook-signature` header for one message; timestamp in unix seconds. */
export function signature(key: Buffer, id: string, timestamp: number, body: Buffer): string {
  const digest = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body);
  return `v1,${digest.digest("base64")}`;
}

/** The three Standard Webhooks headers; timestamp in unix seconds. */
export function signedHeaders(
  key: Buffer,
  id: string,
  timestamp: number,
  body: Buffer,
): Record<string, string> {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signature(key, id, timestamp, body),
  };
}

/**
 * Check the signature over the raw body; any of the keys may have made it. Throws BadSignature with
 * the reason if a header is missing, the timestamp is more than 300 seconds away from `now` (unix
 * seconds), or no signature fits.
 */
export function verify(
  keys: Buffer[],
  header: (name: string) => string | undefined,
  body: Buffer,
  now: number,
): void {
  const id = header("webhook-id");
  const sentAt = header("webhook-timestamp");
  const given = header("webhook-signature");
  if (!id || !sentAt || !given) {
    throw new BadSignature("webhook-id, webhook-timestamp and webhook-signature are required");
  }
  if (!/^[0-9]{1,12}$/.test(sentAt)) {
    throw new BadSignature("webhook-timestamp must be unix seconds");
  }
  if (Math.abs(now - Number(sentAt)) > TOLERANCE_SECONDS) {
    throw new BadSignature(`webhook-timestamp is more than ${TOLERANCE_SECONDS} seconds away`);
  }
  const expected = keys.map((key) => signature(key, id, Number(sentAt), body));
  const fits = given.split(" ").some((one) => expected.some((wanted) => same(one, wanted)));
  if (!fits) {
    throw new BadSignature("no signature fits the message");
  }
}

/** A token by which the engine knows this shop's customer without a mail, for 24 hours. */
export function customerToken(key: Buffer, claims: CustomerClaims): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  const digest = createHmac("sha256", key).update(`wm-customer.${payload}`).digest("base64url");
  return `${payload}.${digest}`;
}

function same(given: string, wanted: string): boolean {
  const one = Buffer.from(given);
  const other = Buffer.from(wanted);
  return one.length === other.length && timingSafeEqual(one, other);
}
