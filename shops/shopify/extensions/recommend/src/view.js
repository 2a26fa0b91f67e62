// The block as a tree of Shopify's components. What the engine says comes in words, ready to be shown.

/**
 * @param {Function} h makes an element: its name, what it has, what is in it
 * @param {any} shown the engine's answer; null while there is none
 * @param {(key: string, values?: Record<string, string>) => string} say
 */
export function view(h, shown, say) {
  if (!shown || !shown.live) return null;
  const parts = shown.portal ? ofAdvocate(h, shown, say) : ofInvitation(h, shown, say);
  return h("s-stack", { gap: "base" }, ...parts);
}

function ofInvitation(h, { offer, url }, say) {
  return [
    h("s-heading", null, offer.headline),
    h("s-paragraph", null, offer.lead),
    ...offer.tickets.map((one) => h("s-text", null, `${one.whose}: ${one.value} ${one.detail}`.trim())),
    h("s-button", { href: url, target: "_blank" }, say("join")),
  ];
}

function ofAdvocate(h, { portal, url }, say) {
  return [
    h("s-heading", null, portal.headline),
    ...(portal.live ? toShare(h, portal, say) : [h("s-paragraph", null, say("resting"))]),
    ...portal.wallet.purses.map((purse) => h("s-text", null, holds(purse, say))),
    h("s-link", { href: url, target: "_blank" }, say("page")),
  ];
}

function toShare(h, { link, code }, say) {
  return [
    ...toCopy(h, "wordmouth-link", say("link"), link, say("copyLink")),
    ...toCopy(h, "wordmouth-code", say("code"), code, say("copyCode")),
  ];
}

function toCopy(h, id, name, text, action) {
  return [
    h("s-text", { type: "strong" }, name),
    h("s-text", null, text),
    h("s-button", { command: "--copy", commandFor: id, variant: "secondary" }, action),
    h("s-clipboard-item", { id, text }),
  ];
}

function holds({ name, available, pending }, say) {
  const amounts = { name, amount: available };
  return pending ? say("waits", { ...amounts, pending }) : say("holds", amounts);
}
