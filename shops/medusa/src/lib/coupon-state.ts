/** How a coupon is, from the promotion that stands for it. */
import { COUPON } from "./names";
import type { CouponTerms } from "./terms";

/** What the engine is told about a coupon; the names are those of the answer. */
export interface CouponState {
  code: string;
  state: "active" | "used" | "revoked" | "expired";
  times_used: number;
  /** The promotion's id in this shop. */
  reference: string;
}

/** A promotion, as far as it is read. */
export interface ShopPromotion {
  id: string;
  code?: string | null;
  status?: string | null;
  limit?: number | null;
  used?: number | null;
  deleted_at?: Date | string | null;
  campaign?: { ends_at?: Date | string | null } | null;
  metadata?: Record<string, unknown> | null;
}

/** The terms that the engine asked for; undefined: the promotion is the shop's own. */
export function askedTerms(promotion: ShopPromotion): CouponTerms | undefined {
  return (promotion.metadata?.[COUPON] as { terms?: CouponTerms } | undefined)?.terms;
}

/**
 * The state of a coupon. One that was used up stays used, whatever was done to it later; one that
 * the shop deleted or switched off is revoked.
 */
export function couponState(promotion: ShopPromotion, now: Date): CouponState {
  const { id, code, status, limit, used, deleted_at, campaign } = promotion;
  const times = used ?? 0;
  const isOver = campaign?.ends_at && new Date(campaign.ends_at) <= now;
  let state: CouponState["state"] = "active";
  if (typeof limit === "number" && times >= limit) {
    state = "used";
  } else if (deleted_at || status !== "active") {
    state = "revoked";
  } else if (isOver) {
    state = "expired";
  }
  return { code: code ?? "", state, times_used: times, reference: `promotion/${id}` };
}
