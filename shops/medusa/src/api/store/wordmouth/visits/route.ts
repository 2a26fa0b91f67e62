/** What the storefront says: by which friend's link the customer of a cart came. */
import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { MedusaError, Modules } from "@medusajs/framework/utils";

import { VISIT } from "../../../../lib/names";
import { visitOf } from "../../../../lib/order-data";

const LONGEST_TOKEN = 2000;

/** Keep the token with the cart, and with that with the order; the first one stays. */
export async function POST(request: MedusaRequest, response: MedusaResponse): Promise<void> {
  const { cart_id, token } = (request.body ?? {}) as Record<string, unknown>;
  const isToken = typeof token === "string" && token !== "" && token.length <= LONGEST_TOKEN;
  if (typeof cart_id !== "string" || !isToken) {
    throw new MedusaError(
      MedusaError.Types.INVALID_DATA,
      `cart_id must be the id of a cart, and token have 1 to ${LONGEST_TOKEN} characters`,
    );
  }
  const carts = request.scope.resolve(Modules.CART);
  const cart = await carts.retrieveCart(cart_id, { select: ["id", "metadata", "completed_at"] });
  if (cart.completed_at) {
    throw new MedusaError(MedusaError.Types.NOT_ALLOWED, "the cart has become an order already");
  }
  const visit = {
    token: visitOf(cart.metadata).token || token,
    ip: address(request).slice(0, 64),
    user_agent: (request.get("user-agent") ?? "").slice(0, 500),
  };
  await carts.updateCarts(cart.id, { metadata: { ...cart.metadata, [VISIT]: visit } });
  response.status(200).json({ kept: true });
}

/** Where the request came from, as Medusa makes it out behind proxies too. */
function address(request: MedusaRequest): string {
  const { request_context } = request as { request_context?: { ip_address?: string | null } };
  return request_context?.ip_address ?? "";
}
