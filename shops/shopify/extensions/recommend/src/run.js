// Asks the engine when the page opens, and again when the merchant changes the settings. When
// anything fails nothing is shown, and the page goes on as without the block.

import { addressOf, ask } from "./engine.js";
import { view } from "./view.js";

/**
 * @param {any} shopify what Shopify gives the extension
 * @param {Function} h
 * @param {(tree: any) => void} show
 * @param {typeof fetch} get
 */
export async function run(shopify, h, show, get) {
  const say = (key, values) => shopify.i18n.translate(key, values);
  let asked;

  async function look() {
    const address = addressOf(shopify.settings.value);
    if (address === asked) return;
    asked = address;
    let shown = null;
    try {
      if (address) {
        const token = await shopify.sessionToken.get();
        shown = await ask(address, token, shopify.localization.language.value.isoCode, get);
      }
      // Another address may be asked by now: its answer is the one to show.
      if (address === asked) show(view(h, shown, say));
    } catch (failed) {
      console.warn("Wordmouth shows nothing here:", failed);
      if (address === asked) show(null);
    }
  }

  shopify.settings.subscribe(look);
  await look();
}
