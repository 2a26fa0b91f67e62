/**
 * The engine's coupons as promotions: issue, look up, revoke.
 *
 * Each coupon is a promotion of its own, so that its use can be counted and ended by itself. All
 * three verbs may be repeated: the answer tells the state as it is.
 */
import type { IPromotionModuleService } from "@medusajs/framework/types";

import { askedTerms, CouponState, couponState, ShopPromotion } from "./coupon-state";
import { Problem } from "./problem";
import { promotionFor } from "./promotion";
import type { Query } from "./snapshots";
import { CouponTerms, differences, Wish } from "./terms";

export class Coupons {
  constructor(
    private readonly promotions: IPromotionModuleService,
    private readonly query: Query,
  ) {}

  /**
   * Make the promotion, or tell of the one made earlier for the same terms. Throws Problem: 409 if
   * the code is taken by other terms or by a promotion of the shop's own, 422 for terms that this
   * shop cannot keep.
   */
  async issue(wish: Wish): Promise<CouponState> {
    const { terms } = wish;
    const before = await this.find(terms.code);
    if (before) {
      return issuedBefore(before, terms);
    }
    await this.checkCurrency(terms);
    await this.checkProduct(terms.product);
    try {
      const made = await this.promotions.createPromotions(promotionFor(wish));
      return couponState(made as ShopPromotion, new Date());
    } catch (error) {
      // Two requests at once: the code is unique in Medusa, so the other one was made.
      const other = await this.find(terms.code);
      if (!other) {
        throw error;
      }
      return issuedBefore(other, terms);
    }
  }

  /** The state of a coupon. Throws Problem 404 if the engine never asked for it. */
  async lookup(code: string): Promise<CouponState> {
    return couponState(await this.known(code), new Date());
  }

  /**
   * End a coupon's life; one that was used up stays used. Throws Problem 404 if the engine never
   * asked for it.
   */
  async revoke(code: string): Promise<CouponState> {
    const promotion = await this.known(code);
    if (!promotion.deleted_at) {
      // Also one that was used: an order that is cancelled later must not bring it back.
      await this.promotions.updatePromotions({ id: promotion.id, status: "inactive" });
    }
    // Read after that: an order may have used it meanwhile, and a use counts.
    return this.lookup(code);
  }

  private async find(code: string): Promise<ShopPromotion | undefined> {
    const relations = ["campaign"];
    const found: ShopPromotion[] = await this.promotions.listPromotions(
      { code: [code] },
      { relations, withDeleted: true },
    );
    // Of a code that the shop itself deleted and used anew, the engine's is the one that counts.
    return found.find(askedTerms) ?? found.find((one) => !one.deleted_at);
  }

  private async known(code: string): Promise<ShopPromotion> {
    const found = await this.find(code);
    if (!found || !askedTerms(found)) {
      throw new Problem(404, "coupon_not_found", `no coupon ${code} was issued by this shop`);
    }
    return found;
  }

  private async checkCurrency({ kind, currency, minOrder }: CouponTerms): Promise<void> {
    if (kind !== "amount_off" && minOrder === null) {
      return;
    }
    const { data } = await this.query.graph({ entity: "region", fields: ["currency_code"] });
    const own = (data as Array<{ currency_code: string }>).map((one) =>
      one.currency_code.toUpperCase(),
    );
    if (!own.includes(currency)) {
      const sells = `this shop sells in ${[...new Set(own)].join(", ") || "no region"}`;
      throw new Problem(422, "currency_mismatch", `${sells}; it has no amounts in ${currency}`);
    }
  }

  private async checkProduct(product: string): Promise<void> {
    if (!product) {
      return;
    }
    const filters = { id: product };
    const { data } = await this.query.graph({ entity: "product", fields: ["id"], filters });
    if (!data.length) {
      throw new Problem(422, "unknown_product", `this shop has no product ${product}`);
    }
  }
}

function issuedBefore(promotion: ShopPromotion, terms: CouponTerms): CouponState {
  const asked = askedTerms(promotion);
  if (!asked) {
    throw new Problem(409, "code_taken", `the shop has a promotion ${terms.code} of its own`);
  }
  const other = differences(asked, terms);
  if (other.length) {
    const names = other.join(", ");
    throw new Problem(409, "terms_differ", `${terms.code} was issued with another ${names}`);
  }
  return couponState(promotion, new Date());
}
