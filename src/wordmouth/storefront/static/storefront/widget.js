/* Wordmouth widget. MIT licence.
   <script src="https://site/widget.js" data-store="str_..." async></script>
   One request, nothing from anybody else; whatever fails, the shop does not notice. */
(() => {
  "use strict";
  const script = document.currentScript;
  const store = script?.dataset.store;
  if (!store || !window.customElements || customElements.get("wm-widget")) return;
  const site = new URL(script.src).origin;
  const QUIET_DAYS = 7;

  const memory = {
    get(key) {
      try {
        return localStorage.getItem(`wm.${store}.${key}`);
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        localStorage.setItem(`wm.${store}.${key}`, value);
      } catch {
        /* A browser that keeps nothing shows it again next time. */
      }
    },
  };

  const STYLE = `
:host { all: initial !important; }
* { box-sizing: border-box; }
.go, .bar { position: fixed; z-index: 2147483000; inset: auto; margin: 0; padding: 0; border: 0; overflow: visible;
  inset-block-end: max(16px, env(safe-area-inset-bottom)); font: 600 16px/1.35 var(--font); color: var(--ink); }
.go { inset-inline-end: 16px; display: flex; align-items: stretch; max-inline-size: calc(100vw - 32px);
  border-radius: 99px; background: var(--accent); color: var(--on);
  box-shadow: 0 8px 28px rgb(0 0 0 / 22%); }
.go a { display: flex; align-items: center; gap: 10px; min-block-size: 48px; padding-block: 10px; padding-inline: 20px 6px;
  color: inherit; text-decoration: none; border-radius: 99px; }
.go a:hover span { text-decoration: underline; text-underline-offset: 3px; }
svg { inline-size: 22px; block-size: 22px; flex: none; }
button { font: inherit; color: inherit; cursor: pointer; background: none; border: 0; }
.close { inline-size: 44px; display: grid; place-items: center; border-radius: 99px; flex: none; }
.close svg { inline-size: 16px; block-size: 16px; }
.bar { inset-inline: 16px; margin-inline: auto; max-inline-size: 620px; display: flex; flex-wrap: wrap;
  align-items: center; gap: 8px 14px; padding-block: 12px; padding-inline: 20px 8px; background: var(--surface);
  border: 1px solid var(--line); border-radius: var(--radius); box-shadow: 0 10px 36px rgb(0 0 0 / 20%); }
.bar p { margin: 0; flex: 1 1 200px; }
.code { display: flex; align-items: center; gap: 8px; }
.code b { font: 700 15px/1.3 ui-monospace, Menlo, monospace; letter-spacing: .02em; user-select: all;
  overflow-wrap: anywhere; }
.copy { min-block-size: 40px; padding: 6px 16px; border-radius: 99px; background: var(--accent); color: var(--on); }
:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
[hidden] { display: none !important; }
@media (prefers-reduced-motion: no-preference) {
  .go, .bar { animation: in .35s ease-out both; }
  @keyframes in { from { opacity: 0; transform: translateY(14px); } }
}
@media (forced-colors: active) { .go, .bar, .copy { border: 1px solid; } }`;

  const icon = (path) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    for (const [name, value] of Object.entries({
      viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2.2",
      "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
    })) svg.setAttribute(name, value);
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  };
  const GIFT = "M4 11h16v10H4zM2.500 7h19v4h-19zM12 7v14M12 7C9 7 7 5.500 7.500 3.700 8 2 11 2.500 12 7c1-4.500 4-5 4.500-3.300C17 5.500 15 7 12 7Z";
  const CROSS = "M5 5l14 14M19 5 5 19";

  const make = (tag, properties, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };

  class Widget extends HTMLElement {
    /* In the top layer no style of the page can move it, hide it or lie over it. */
    raise() {
      const box = this.shadowRoot.querySelector("aside");
      if (!box.showPopover) return;
      box.popover = "manual";
      box.showPopover();
    }

    fill(told, coupon) {
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE + theme(told.theme));
      root.adoptedStyleSheets = [sheet];
      const frame = make("div", { lang: told.lang, dir: told.dir });
      root.append(frame);
      frame.append(coupon ? this.bar(told, coupon) : this.button(told));
    }

    close(words, key) {
      const button = make("button", { type: "button", className: "close" }, icon(CROSS));
      button.setAttribute("aria-label", words.close);
      button.addEventListener("click", () => {
        memory.set(key, String(Date.now()));
        this.remove();
      });
      return button;
    }

    button({ words, url }) {
      const box = make("aside", { className: "go" });
      box.setAttribute("aria-label", words.region);
      const link = make("a", { href: url }, icon(GIFT), make("span", { textContent: words.button }));
      box.append(link, this.close(words, "closed"));
      return box;
    }

    bar({ words }, coupon) {
      const copy = make("button", { type: "button", className: "copy", textContent: words.copy });
      const code = make("b", { textContent: coupon, dir: "ltr" });
      copy.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(coupon);
        } catch {
          const range = document.createRange();
          range.selectNodeContents(code);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          document.execCommand("copy");
        }
        copy.textContent = words.copied;
        setTimeout(() => (copy.textContent = words.copy), 2500);
      });
      const box = make("aside", { className: "bar" });
      box.setAttribute("aria-label", words.code);
      const told = make("div", { className: "code" }, code, copy);
      box.append(make("p", { textContent: words.welcome }), told, this.close(words, "greeted"));
      return box;
    }
  }

  const colours = (c) =>
    `--accent:${c.accent};--on:${c.on};--ink:${c.ink};--surface:${c.surface};--line:${c.line};`;
  const theme = ({ light, dark, radius, font }) =>
    `:host{${colours(light)}--radius:${radius}px;--font:${font}}` +
    `@media (prefers-color-scheme: dark){:host{${colours(dark)}}}`;

  const start = async () => {
    const asked = new URLSearchParams(location.search);
    const coupon = (asked.get("coupon") || "").slice(0, 60);
    const greet = coupon && asked.has("wm") && /^[\w-]+$/.test(coupon);
    if (!greet && Date.now() - Number(memory.get("closed")) < QUIET_DAYS * 864e5) return;
    const answer = await fetch(`${site}/s/-/${encodeURIComponent(store)}/widget.json`, {
      credentials: "omit",
      signal: AbortSignal.timeout?.(8000),
    });
    const told = await answer.json();
    if (!told.live) return;
    customElements.define("wm-widget", Widget);
    const widget = document.createElement("wm-widget");
    widget.fill(told, greet ? coupon : "");
    document.body.append(widget);
    widget.raise();
  };

  const idle = window.requestIdleCallback || ((then) => setTimeout(then, 200));
  const begin = () => idle(() => start().catch(() => undefined));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
