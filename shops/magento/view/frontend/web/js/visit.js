/* Keeps the visit of whom a friend sent: `wm` of the address becomes a cookie, the first one stays. */
(function () {
  "use strict";
  var name = "wordmouth_token";
  var days = 90;
  var token = new URLSearchParams(window.location.search).get("wm");
  var kept = document.cookie.split("; ").some(function (one) {
    return one.indexOf(name + "=") === 0;
  });
  if (!token || kept || !/^[A-Za-z0-9_.-]{1,2000}$/.test(token)) {
    return;
  }
  var secure = window.location.protocol === "https:" ? "; Secure" : "";
  document.cookie =
    name + "=" + token + "; Path=/; SameSite=Lax; Max-Age=" + days * 86400 + secure;
})();
