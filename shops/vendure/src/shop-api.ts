/** What the storefront says and asks: which link a customer came by, and where they may join. */
import { Inject } from "@nestjs/common";
import { Args, Mutation, Query, Resolver } from "@nestjs/graphql";
import {
  ActiveOrderService,
  Allow,
  ConfigService,
  Ctx,
  OrderService,
  Permission,
  RequestContext,
  Transaction,
  UserInputError,
} from "@vendure/core";
import { parse } from "graphql";

import { SETTINGS } from "./constants";
import type { Settings } from "./options";
import { customerToken } from "./signing";
import { Visits } from "./visits";

const LONGEST_TOKEN = 2000;

export const shopSchema = parse(`
  extend type Mutation {
    "Keep the wm of a friend's link with the active order, which is begun if there is none."
    wordmouthVisit(token: String!): Boolean!
  }
  extend type Query {
    "Where the customer of a placed order joins the referral programme; null: nowhere."
    wordmouthInvitation(orderCode: String!): String
  }
`);

@Resolver()
export class ShopResolver {
  constructor(
    private readonly activeOrders: ActiveOrderService,
    private readonly orders: OrderService,
    private readonly config: ConfigService,
    private readonly visits: Visits,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Keep the token with the active order; the first one stays. */
  @Mutation()
  @Transaction()
  @Allow(Permission.UpdateOrder, Permission.Owner)
  async wordmouthVisit(
    @Ctx() ctx: RequestContext,
    @Args() { token }: { token: string },
  ): Promise<boolean> {
    if (!token || token.length > LONGEST_TOKEN) {
      throw new UserInputError(`token must have 1 to ${LONGEST_TOKEN} characters`);
    }
    const order = await this.activeOrders.getActiveOrder(ctx, undefined, true);
    await this.visits.note(ctx, order.id, token);
    return true;
  }

  /**
   * The address at which the customer of an order joins without a mail, valid for 24 hours. Told
   * only to whom the shop shows the order itself.
   */
  @Query()
  @Allow(Permission.Owner)
  async wordmouthInvitation(
    @Ctx() ctx: RequestContext,
    @Args() { orderCode }: { orderCode: string },
  ): Promise<string | null> {
    const { url, storeSlug, keys, connected } = this.settings;
    if (!connected || !storeSlug) {
      return null;
    }
    const order = await this.orders.findOneByCode(ctx, orderCode, ["customer", "customer.user"]);
    const access = this.config.orderOptions.orderByCodeAccessStrategy;
    if (!order?.customer || !(await access.canAccessOrder(ctx, order))) {
      return null;
    }
    const { id, emailAddress, firstName, lastName } = order.customer;
    const token = customerToken(keys[0], {
      email: emailAddress,
      id: String(id),
      first_name: firstName,
      last_name: lastName,
      locale: ctx.languageCode,
      iat: Math.floor(Date.now() / 1000),
    });
    return `${url}/s/${storeSlug}/join?customer=${token}`;
  }
}
