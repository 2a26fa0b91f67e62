// Small comforts; every page works without them.
"use strict";

for (const field of document.querySelectorAll("[data-submit-on-change]")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}

for (const frame of document.querySelectorAll("iframe[data-fit]")) {
  const fit = () => {
    const page = frame.contentDocument;
    if (page && page.documentElement) {
      frame.height = 240;
      frame.height = page.documentElement.scrollHeight + 2;
    }
  };
  frame.addEventListener("load", fit);
  window.addEventListener("resize", fit);
  fit();
}

// A second click on the same button must not place a second order.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
    }
    form.dataset.sent = "yes";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
  }
});

// Mails and coupons that come while one looks appear by themselves. The page is asked for without
// cookies, so that a notice meant for another window stays there.
const live = document.querySelectorAll("[data-live]");
const refresh = async () => {
  try {
    const answer = document.hidden ? null : await fetch(location.href, { credentials: "omit" });
    if (answer?.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of live) {
        const now = fresh.getElementById(part.id);
        if (now && now.innerHTML !== part.innerHTML) {
          part.innerHTML = now.innerHTML;
        }
      }
    }
  } catch {
    // The server is away for a moment; the next question may be answered.
  }
  setTimeout(refresh, 2000);
};
if (live.length) {
  setTimeout(refresh, 1000);
}
