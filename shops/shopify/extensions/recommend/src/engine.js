// The engine's answer about whoever looks at the page, by a session token that Shopify signs.

const LONGEST_WAIT = 10000;

/**
 * Where the engine answers for a store; null while the settings name none that can be asked.
 * @param {Record<string, unknown>} settings
 * @returns {string | null}
 */
export function addressOf(settings) {
  const engine = String(settings.engine ?? "").trim().replace(/\/+$/, "");
  const store = String(settings.store ?? "").trim();
  if (!/^https:\/\/[^\s/?#]+$/.test(engine) || !/^str_[a-z0-9]+$/.test(store)) return null;
  return `${engine}/s/-/${store}/shopify.json`;
}

/**
 * What the block shows. Fails on any answer that is not one.
 * @param {string} address
 * @param {string} token
 * @param {string} language
 * @param {typeof fetch} get
 */
export async function ask(address, token, language, get) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), LONGEST_WAIT);
  try {
    const answer = await get(address, {
      headers: { authorization: `Bearer ${token}`, "accept-language": language },
      signal: stop.signal,
    });
    if (!answer.ok) throw new Error(`Wordmouth answers ${answer.status}`);
    return await answer.json();
  } finally {
    clearTimeout(timer);
  }
}
