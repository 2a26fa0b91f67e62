/** The name of the plugin's module in Medusa's container. */
export const MODULE = "wordmouth";

/** Under which key of the metadata of carts and orders stands who came to buy. */
export const VISIT = "wordmouth_visit";

/** Under which key of a promotion's metadata stands what the engine asked for. */
export const COUPON = "wordmouth_coupon";
