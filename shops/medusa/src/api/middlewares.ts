import { authenticate, defineMiddlewares } from "@medusajs/framework/http";

export default defineMiddlewares({
  routes: [
    // A signature is over the bytes as they came.
    { matcher: "/wordmouth/coupons", methods: ["POST"], bodyParser: false },
    {
      matcher: "/store/wordmouth/invitations/*",
      methods: ["GET"],
      middlewares: [
        authenticate("customer", ["session", "bearer"], { allowUnauthenticated: true }),
      ],
    },
  ],
});
