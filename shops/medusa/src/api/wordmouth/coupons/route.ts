/** The one way in: signed requests of the engine about its coupons. */
import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { ContainerRegistrationKeys } from "@medusajs/framework/utils";

import { answerTo } from "../../../lib/coupon-request";
import { couponsOf, settingsOf } from "../../../lib/parts";
import { Problem } from "../../../lib/problem";
import { rawBody } from "../../../lib/raw-body";

/** Issue, look up or revoke a coupon; the signature proves that the engine asks. */
export async function POST(request: MedusaRequest, response: MedusaResponse): Promise<void> {
  const { scope } = request;
  try {
    const signed = { body: await rawBody(request), header: (name: string) => request.get(name) };
    const state = await answerTo(signed, settingsOf(scope), couponsOf(scope));
    response.status(200).json(state);
  } catch (error) {
    const problem = error instanceof Problem ? error : unforeseen(request, error);
    response
      .status(problem.status)
      .type("application/problem+json")
      .send(JSON.stringify(problem.document()));
  }
}

/** The shop's own trouble; the engine asks again, since it is neither a yes nor a no. */
function unforeseen(request: MedusaRequest, error: unknown): Problem {
  const logger = request.scope.resolve(ContainerRegistrationKeys.LOGGER);
  const words = error instanceof Error ? error.stack : String(error);
  logger.error(`a request of the referral engine about a coupon failed: ${words}`);
  return new Problem(500, "failed", "the shop failed; its log says why");
}
