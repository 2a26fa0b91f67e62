/** What the confirmation page asks: where the customer of an order joins the referral programme. */
import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { MedusaError } from "@medusajs/framework/utils";

import { Buyer, invitation, mayBeInvited } from "../../../../../lib/invitations";
import { queryOf, settingsOf } from "../../../../../lib/parts";

const FIELDS = ["id", "email", "created_at", "locale", "customer.*", "shipping_address.*"];

/**
 * The address at which the customer of an order joins without a mail, or null where there is no
 * such. It proves who they are: told to a customer who is logged in, or just after a guest bought.
 */
export async function GET(
  request: AuthenticatedMedusaRequest,
  response: MedusaResponse,
): Promise<void> {
  const filters = { id: request.params.order_id };
  const question = { entity: "order", fields: FIELDS, filters };
  const [order] = (await queryOf(request.scope).graph(question)).data as Buyer[];
  const now = new Date();
  if (!order || !mayBeInvited(order, request.auth_context?.actor_id, now)) {
    throw new MedusaError(MedusaError.Types.NOT_FOUND, "there is no such order to be seen here");
  }
  response.status(200).json({ invitation: invitation(order, settingsOf(request.scope), now) });
}
