/**
 * The engine's coupons as promotions: issue, look up, revoke.
 *
 * Each coupon is a promotion of its own, so that its use can be counted and ended by itself. All
 * three verbs may be repeated: the answer tells the state as it is.
 */
import { Injectable } from "@nestjs/common";
import type { ConfigurableOperationInput as Operation } from "@vendure/common/lib/generated-types";
import {
  ID,
  isGraphQlErrorResult,
  Order,
  Product,
  Promotion,
  PromotionService,
  RequestContext,
  RequestContextService,
  TransactionalConnection,
} from "@vendure/core";
import { In, IsNull, LessThan, Raw } from "typeorm";

import { IssuedCoupon } from "./entities/issued-coupon.entity";
import { fromMinor } from "./money";
import { Problem } from "./problem";
import { wordmouthCoupon, wordmouthFreePiece } from "./promotion";
import { Snapshots } from "./snapshots";
import { CouponTerms, differences, Wish } from "./terms";

/** What the engine is told about a coupon; the names are those of the answer. */
export interface CouponState {
  code: string;
  state: "active" | "used" | "revoked" | "expired";
  times_used: number;
  /** The promotion's key in this shop. */
  reference: string;
}

@Injectable()
export class Coupons {
  constructor(
    private readonly connection: TransactionalConnection,
    private readonly contexts: RequestContextService,
    private readonly promotions: PromotionService,
    private readonly snapshots: Snapshots,
  ) {}

  /**
   * Make the promotion, or tell of the one made earlier for the same terms. Throws Problem: 409 if
   * the code is taken by other terms or by a promotion of the shop's own, 422 for terms that this
   * shop cannot keep.
   */
  async issue({ terms, description }: Wish): Promise<CouponState> {
    const ctx = await this.context();
    const before = await this.find(ctx, terms.code);
    if (before) {
      return this.issuedBefore(ctx, before, terms);
    }
    const input = await this.promotionInput(ctx, terms, description);
    try {
      const made = await this.connection.withTransaction(ctx, async (within) => {
        // The unique code decides between two requests at once before anything else is made.
        const coupons = this.connection.getRepository(within, IssuedCoupon);
        const coupon = await coupons.save(new IssuedCoupon({ code: terms.code, terms }));
        await this.refuseTaken(within, terms.code);
        const promotion = await this.promotions.createPromotion(within, input);
        if (isGraphQlErrorResult(promotion)) {
          throw new Problem(422, "not_possible", promotion.message);
        }
        coupon.promotionId = String(promotion.id);
        return coupons.save(coupon);
      });
      return this.state(ctx, made);
    } catch (error) {
      const other = error instanceof Problem ? undefined : await this.find(ctx, terms.code);
      if (!other) {
        throw error;
      }
      return this.issuedBefore(ctx, other, terms);
    }
  }

  /** The state of a coupon. Throws Problem 404 if the engine never asked for it. */
  async lookup(code: string): Promise<CouponState> {
    const ctx = await this.context();
    return this.state(ctx, await this.known(ctx, code));
  }

  /**
   * End a coupon's life; one that was used up stays used. Throws Problem 404 if the engine never
   * asked for it.
   */
  async revoke(code: string): Promise<CouponState> {
    const context = await this.context();
    return this.connection.withTransaction(context, async (ctx) => {
      const coupon = await this.known(ctx, code);
      // Before the uses are counted: Vendure holds this row while an order is being paid, so that
      // the coupon is used first or ended first. Ended it stays: an order that is cancelled later
      // must not bring it back.
      const promotions = this.connection.getRepository(ctx, Promotion);
      await promotions.update({ id: coupon.promotionId }, { enabled: false });
      const { state } = await this.state(ctx, coupon);
      if (state !== "used" && !coupon.revokedAt) {
        coupon.revokedAt = new Date();
        await this.connection.getRepository(ctx, IssuedCoupon).save(coupon);
      }
      return this.state(ctx, coupon);
    });
  }

  /**
   * Disable the coupons that have expired: Vendure reads every enabled promotion whenever it works
   * out a cart.
   */
  async retire(): Promise<void> {
    const promotions = this.connection.rawConnection.getRepository(Promotion);
    const over = await promotions.find({
      select: { id: true, couponCode: true },
      where: { enabled: true, deletedAt: IsNull(), endsAt: LessThan(new Date()) },
      loadEagerRelations: false,
    });
    const ours = await this.connection.rawConnection
      .getRepository(IssuedCoupon)
      .findBy({ code: In(over.map((one) => one.couponCode)) });
    const codes = new Set(ours.map((one) => one.code));
    const ended = over.filter((one) => codes.has(one.couponCode));
    await promotions.update({ id: In(ended.map((one) => one.id)) }, { enabled: false });
  }

  private async context(): Promise<RequestContext> {
    const channelOrToken = await this.snapshots.channel();
    return this.contexts.create({ apiType: "admin", channelOrToken });
  }

  private find(ctx: RequestContext, code: string): Promise<IssuedCoupon | null> {
    return this.connection.getRepository(ctx, IssuedCoupon).findOneBy({ code });
  }

  private async known(ctx: RequestContext, code: string): Promise<IssuedCoupon> {
    const coupon = await this.find(ctx, code);
    if (!coupon) {
      throw new Problem(404, "coupon_not_found", `no coupon ${code} was issued by this shop`);
    }
    return coupon;
  }

  private issuedBefore(
    ctx: RequestContext,
    coupon: IssuedCoupon,
    terms: CouponTerms,
  ): Promise<CouponState> {
    const other = differences(coupon.terms, terms);
    if (other.length) {
      const names = other.join(", ");
      throw new Problem(409, "terms_differ", `${terms.code} was issued with another ${names}`);
    }
    return this.state(ctx, coupon);
  }

  /** Vendure itself accepts a code that another promotion has. */
  private async refuseTaken(ctx: RequestContext, code: string): Promise<void> {
    const couponCode = Raw((name) => `LOWER(${name}) = LOWER(:code)`, { code });
    const own = { couponCode, deletedAt: IsNull() };
    if (await this.connection.getRepository(ctx, Promotion).existsBy(own)) {
      throw new Problem(409, "code_taken", `the shop has a promotion ${code} of its own`);
    }
  }

  private async promotionInput(ctx: RequestContext, terms: CouponTerms, description: string) {
    this.checkCurrency(ctx, terms);
    await this.checkProduct(ctx, terms.product);
    const name = `${description || "Referral reward"} (${terms.code})`;
    return {
      enabled: true,
      couponCode: terms.code,
      usageLimit: terms.usageLimit ?? undefined,
      endsAt: terms.expiresAt && new Date(terms.expiresAt),
      translations: [{ languageCode: ctx.languageCode, name, description: "" }],
      conditions: this.conditions(ctx, terms),
      actions: [this.action(terms)],
    };
  }

  private checkCurrency(ctx: RequestContext, { kind, currency, minOrder }: CouponTerms): void {
    const own: string[] = ctx.channel.availableCurrencyCodes;
    if ((kind === "amount_off" || minOrder !== null) && !own.includes(currency)) {
      const sells = `this shop sells in ${own.join(", ")}; it has no amounts in ${currency}`;
      throw new Problem(422, "currency_mismatch", sells);
    }
  }

  private async checkProduct(ctx: RequestContext, product: string): Promise<void> {
    if (!product) {
      return;
    }
    // Where keys are numbers, a database may refuse to look for any other.
    const canBe = typeof ctx.channelId === "string" || /^\d{1,9}$/.test(product);
    const found =
      canBe &&
      (await this.connection.findOneInChannel(ctx, Product, product as ID, ctx.channelId, {
        where: { deletedAt: IsNull() },
      }));
    if (!found) {
      throw new Problem(422, "unknown_product", `this shop has no product ${product}`);
    }
  }

  private conditions(ctx: RequestContext, terms: CouponTerms): Operation[] {
    const needsCurrency = terms.kind === "amount_off" || terms.minOrder !== null;
    const own = operation(wordmouthCoupon.code, {
      currency: needsCurrency ? terms.currency : "",
      email: terms.customerEmail,
      customerId: terms.customerId,
      product: terms.product,
    });
    if (terms.minOrder === null) {
      return [own];
    }
    const amount = this.stored(terms.minOrder, terms.currency);
    const taxInclusive = ctx.channel.pricesIncludeTax;
    return [own, operation("minimum_order_amount", { amount, taxInclusive })];
  }

  private action({ kind, value, currency }: CouponTerms): Operation {
    switch (kind) {
      case "percent_off":
        return operation("order_percentage_discount", { discount: value });
      case "amount_off":
        return operation("order_fixed_discount", { discount: this.stored(value, currency) });
      case "free_shipping":
        return operation("free_shipping", {});
      case "free_product":
        return operation(wordmouthFreePiece.code, {});
    }
  }

  private stored(minor: number, currency: string): number {
    const amount = fromMinor(minor, currency, this.snapshots.storedDigits(currency));
    if (amount === undefined) {
      const why = `amounts in ${currency} have too few decimals here for ${minor} minor units`;
      throw new Problem(422, "amount_too_fine", why);
    }
    return amount;
  }

  private async state(ctx: RequestContext, coupon: IssuedCoupon): Promise<CouponState> {
    const used = await this.timesUsed(ctx, coupon.promotionId);
    const promotions = this.connection.getRepository(ctx, Promotion);
    const promotion = await promotions.findOneBy({ id: coupon.promotionId });
    const isThere = promotion && !promotion.deletedAt && !coupon.revokedAt;
    let state: CouponState["state"] = "active";
    if (coupon.terms.usageLimit !== null && used >= coupon.terms.usageLimit) {
      state = "used";
    } else if (!isThere) {
      state = "revoked";
    } else if (promotion.endsAt && promotion.endsAt <= new Date()) {
      state = "expired";
    } else if (!promotion.enabled) {
      state = "revoked";
    }
    const reference = `promotion/${coupon.promotionId}`;
    return { code: coupon.code, state, times_used: used, reference };
  }

  /** In how many orders it works: as Vendure counts, so not in those that were cancelled. */
  private timesUsed(ctx: RequestContext, promotion: ID): Promise<number> {
    return this.connection
      .getRepository(ctx, Order)
      .createQueryBuilder("placed")
      .innerJoin("placed.promotions", "promotion")
      .where("promotion.id = :promotion", { promotion })
      .andWhere("placed.active = :active", { active: false })
      .andWhere("placed.state NOT IN (:...undone)", { undone: ["Cancelled", "Draft"] })
      .andWhere("placed.type != :type", { type: "Seller" })
      .getCount();
  }
}

function operation(code: string, args: Record<string, string | number | boolean>): Operation {
  const given = Object.entries(args);
  return { code, arguments: given.map(([name, value]) => ({ name, value: String(value) })) };
}
