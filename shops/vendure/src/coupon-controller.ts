/** The one way in: signed requests of the engine about its coupons. */
import { Controller, Inject, Post, Req, Res } from "@nestjs/common";
import { Logger } from "@vendure/core";
import type { Request, Response } from "express";

import { COUPON_PATH, LOG, SETTINGS } from "./constants";
import { Coupons, CouponState } from "./coupons";
import type { Settings } from "./options";
import { Problem } from "./problem";
import { KeptRequest, LONGEST_BODY } from "./raw-body";
import { BadSignature, verify } from "./signing";
import { parseCode, parseTerms } from "./terms";

const VERBS = ["coupon.issue", "coupon.lookup", "coupon.revoke"];

@Controller(COUPON_PATH)
export class CouponController {
  constructor(
    private readonly coupons: Coupons,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Issue, look up or revoke a coupon; the signature proves that the engine asks. */
  @Post()
  async ask(@Req() request: Request, @Res() response: Response): Promise<void> {
    try {
      const { verb, data } = parse(this.proven(request));
      response.status(200).json(await this.carryOut(verb, data));
    } catch (error) {
      const problem = error instanceof Problem ? error : unforeseen(error);
      response
        .status(problem.status)
        .type("application/problem+json")
        .send(JSON.stringify(problem.document()));
    }
  }

  private carryOut(verb: string, data: Record<string, unknown>): Promise<CouponState> {
    switch (verb) {
      case "coupon.issue":
        return this.coupons.issue(parseTerms(data));
      case "coupon.lookup":
        return this.coupons.lookup(parseCode(data));
      default:
        return this.coupons.revoke(parseCode(data));
    }
  }

  /** The body of a request that the engine signed. Throws Problem. */
  private proven(request: Request): Buffer {
    if (!this.settings.connected) {
      throw new Problem(503, "not_connected", "this shop is not connected to a referral engine");
    }
    const body = (request as unknown as KeptRequest).wordmouthBody;
    if (!body) {
      throw new Problem(413, "too_large", `a request has at most ${LONGEST_BODY} bytes`);
    }
    try {
      verify(this.settings.keys, (name) => request.get(name), body, Date.now() / 1000);
    } catch (error) {
      throw error instanceof BadSignature
        ? new Problem(401, "bad_signature", error.message)
        : error;
    }
    return body;
  }
}

function parse(body: Buffer): { verb: string; data: Record<string, unknown> } {
  let content: any;
  try {
    content = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new Problem(400, "invalid_json", "the body must be JSON in UTF-8");
  }
  const verb = content?.type;
  if (!VERBS.includes(verb)) {
    throw new Problem(400, "unknown_type", `type must be one of ${VERBS.join(", ")}`);
  }
  const { data } = content;
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new Problem(400, "invalid_coupon", "data must be an object");
  }
  return { verb, data };
}

/** The shop's own trouble; the engine asks again, since it is neither a yes nor a no. */
function unforeseen(error: unknown): Problem {
  Logger.error("a request about a coupon failed", LOG, error instanceof Error ? error.stack : "");
  return new Problem(500, "failed", "the shop failed; its log says why");
}
