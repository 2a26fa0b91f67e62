// Keeps where a visitor came from in the cart, so that the order tells it, and puts the friend's coupon
// into the cart. Loads nothing, shows nothing; when anything fails the shop goes on as without it.
(function () {
  "use strict";

  var script = document.currentScript;
  if (!script || !window.URLSearchParams || !window.fetch) return;
  var KEY = "wordmouth_visit";
  var LONGEST = 2000;
  var root = script.dataset.root || "/";
  if (root.slice(-1) !== "/") root += "/";
  var days = Number(script.dataset.days) || 90;
  var query = new URLSearchParams(window.location.search);

  // The first visit by a link stays, until it is too old.
  function remembered() {
    try {
      var visit = JSON.parse(window.localStorage.getItem(KEY));
      var age = Date.now() - visit.at;
      if (typeof visit.token === "string" && age >= 0 && age < days * 86400000) return visit.token;
    } catch (nothing) {
      // Nothing is kept, or not by us, or the browser keeps nothing.
    }
    return "";
  }

  function remember(token) {
    try {
      window.localStorage.setItem(KEY, JSON.stringify({ token: token, at: Date.now() }));
    } catch (full) {
      // Then the cart alone knows, which is enough for this order.
    }
  }

  function tellCart(token) {
    return window.fetch(root + "cart/update.js", {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ attributes: { wordmouth_token: token } }),
    });
  }

  var given = (query.get("wm") || "").trim().slice(0, LONGEST);
  var token = remembered();
  if (!token && given) {
    token = given;
    remember(token);
  }

  // Shopify writes the whole cart with every change: one call after the other.
  var said = token && token !== script.dataset.kept ? tellCart(token) : Promise.resolve();
  var coupon = (query.get("coupon") || "").trim().slice(0, 120);
  said
    .catch(function () {})
    .then(function () {
      if (coupon) return window.fetch(root + "discount/" + encodeURIComponent(coupon));
    })
    .catch(function () {});
})();
