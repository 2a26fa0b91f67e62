/* What the pages can do better with a script; everything works without it. */
(() => {
  "use strict";

  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "hide-seen";
  document.body.append(status);

  const copied = (button) => {
    const words = button.querySelector("span");
    const before = words.textContent;
    words.textContent = button.dataset.copied;
    status.textContent = button.dataset.copied;
    setTimeout(() => {
      words.textContent = before;
      status.textContent = "";
    }, 2500);
  };

  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const field = document.createElement("textarea");
      field.value = button.dataset.copy;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      button.focus();
    }
    copied(button);
  };

  const share = async (button) => {
    const { title, text, share: url } = button.dataset;
    try {
      await navigator.share({ title, text, url });
    } catch {
      /* The visitor changed their mind. */
    }
  };

  const show = (root) => {
    for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
    if (navigator.share) {
      for (const button of root.querySelectorAll("[data-share]")) button.hidden = false;
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-share]");
    if (button?.dataset.copy) copy(button);
    else if (button?.dataset.share) share(button);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("input[data-select]")) event.target.select();
  });
  show(document);

  /* A coupon that the shop is still making: ask, at growing intervals, until it is there. */
  const live = document.querySelector("[data-live]");
  let pause = 800;
  const ask = async () => {
    try {
      const answer = await fetch(live.dataset.live, { credentials: "same-origin" });
      if (answer.status === 200) {
        const html = await answer.text();
        if (!html.includes("data-waiting")) {
          location.reload();
          return;
        }
      }
    } catch {
      /* Offline for a moment; the next question may do. */
    }
    pause = Math.min(pause * 1.4, 15000);
    setTimeout(ask, pause);
  };
  if (live?.querySelector("[data-waiting]")) setTimeout(ask, pause);
})();
