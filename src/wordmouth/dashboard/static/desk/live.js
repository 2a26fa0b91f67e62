/* Keeps what moves by itself up to date; without it the page is reloaded by hand. */
(() => {
  "use strict";

  const EVERY = 2500;
  const LONGEST = 20 * 60 * 1000;
  const began = Date.now();

  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "hide-seen";
  document.body.append(status);

  const renew = async () => {
    const here = document.getElementById("live");
    if (document.hidden || here.contains(document.activeElement)) return;
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const there = page.getElementById("live");
    if (!there || there.innerHTML === here.innerHTML) return;
    here.replaceWith(document.adoptNode(there));
    const chip = page.getElementById("live-chip");
    if (chip) document.getElementById("live-chip")?.replaceWith(document.adoptNode(chip));
    status.textContent = there.dataset.said || "";
  };

  const follow = async () => {
    try {
      await renew();
    } catch {
      /* The network is away; the next try may find it. */
    }
    const still = document.querySelector("#live[data-live]");
    if (still && Date.now() - began < LONGEST) setTimeout(follow, EVERY);
  };

  setTimeout(follow, EVERY);
})();
