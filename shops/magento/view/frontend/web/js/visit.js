/* Keeps in cookies what a friend's link brought: `wm`, the visit, of which the first one stays, and
   `coupon`, of which the last one counts. */
(function () {
  "use strict";
  var asked = new URLSearchParams(window.location.search);

  function isKept(name) {
    return document.cookie.split("; ").some(function (one) {
      return one.indexOf(name + "=") === 0;
    });
  }

  function keep(name, text, allowed, days) {
    if (!text || !allowed.test(text)) {
      return;
    }
    var secure = window.location.protocol === "https:" ? "; Secure" : "";
    document.cookie =
      name + "=" + text + "; Path=/; SameSite=Lax; Max-Age=" + days * 86400 + secure;
  }

  if (!isKept("wordmouth_token")) {
    keep("wordmouth_token", asked.get("wm"), /^[A-Za-z0-9_.-]{1,2000}$/, 90);
  }
  keep("wordmouth_coupon", asked.get("coupon"), /^[A-Za-z0-9-]{1,120}$/, 30);
})();
