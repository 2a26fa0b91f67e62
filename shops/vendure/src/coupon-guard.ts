/** No order goes to payment on a coupon that belongs to somebody else. */
import { OrderProcess, TransactionalConnection } from "@vendure/core";
import { In } from "typeorm";

import { IssuedCoupon } from "./entities/issued-coupon.entity";
import { mayUse } from "./promotion";

let connection: TransactionalConnection;

/**
 * Vendure does not price a cart anew when its customer is named: a coupon that was worked out for
 * one address would stay for another. So the coupons are looked at once more before the payment.
 */
export const couponGuard: OrderProcess<string> = {
  init(injector) {
    connection = injector.get(TransactionalConnection);
  },
  async onTransitionStart(_, toState, { ctx, order }) {
    if (toState !== "ArrangingPayment" || !order.couponCodes.length) {
      return undefined;
    }
    const coupons = await connection
      .getRepository(ctx, IssuedCoupon)
      .findBy({ code: In(order.couponCodes) });
    const foreign = coupons.filter(
      ({ terms: { customerId, customerEmail } }) =>
        !mayUse({ customerId, email: customerEmail }, order.customer),
    );
    const [first] = foreign;
    return first && `The code ${first.code} belongs to another customer: take it out of the cart.`;
  },
};
