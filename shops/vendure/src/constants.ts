/** The key under which the plugin's settings are injected. */
export const SETTINGS = Symbol("wordmouth settings");

/** The context of the plugin's lines in Vendure's log. */
export const LOG = "WordmouthPlugin";

/** Where the engine asks for coupons. */
export const COUPON_PATH = "wordmouth/coupons";
