/** A signed request of the engine about a coupon: proven, understood, carried out. */
import { CouponState } from "./coupon-state";
import type { Coupons } from "./coupons";
import type { Settings } from "./options";
import { Problem } from "./problem";
import { LONGEST_BODY } from "./raw-body";
import { BadSignature, verify } from "./signing";
import { parseCode, parseTerms } from "./terms";

const VERBS = ["coupon.issue", "coupon.lookup", "coupon.revoke"];

/** What a request has that is looked at. */
export interface SignedRequest {
  /** The bytes as they came; undefined: there were too many. */
  body: Buffer | undefined;
  header: (name: string) => string | undefined;
}

/** Issue, look up or revoke a coupon. Throws Problem for what is no such request. */
export async function answerTo(
  request: SignedRequest,
  settings: Settings,
  coupons: Coupons,
): Promise<CouponState> {
  const { verb, data } = parse(proven(request, settings));
  switch (verb) {
    case "coupon.issue":
      return coupons.issue(parseTerms(data));
    case "coupon.lookup":
      return coupons.lookup(parseCode(data));
    default:
      return coupons.revoke(parseCode(data));
  }
}

function proven({ body, header }: SignedRequest, settings: Settings): Buffer {
  if (!settings.connected) {
    throw new Problem(503, "not_connected", "this shop is not connected to a referral engine");
  }
  if (!body) {
    throw new Problem(413, "too_large", `a request has at most ${LONGEST_BODY} bytes`);
  }
  try {
    verify(settings.keys, header, body, Date.now() / 1000);
  } catch (error) {
    throw error instanceof BadSignature ? new Problem(401, "bad_signature", error.message) : error;
  }
  return body;
}

function parse(body: Buffer): { verb: string; data: Record<string, unknown> } {
  let content: { type?: unknown; data?: unknown } | null;
  try {
    content = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new Problem(400, "invalid_json", "the body must be JSON in UTF-8");
  }
  const verb = content?.type;
  if (typeof verb !== "string" || !VERBS.includes(verb)) {
    throw new Problem(400, "unknown_type", `type must be one of ${VERBS.join(", ")}`);
  }
  const data = content?.data;
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new Problem(400, "invalid_coupon", "data must be an object");
  }
  return { verb, data: data as Record<string, unknown> };
}
