// What the pages of the workbench share. No page needs it to be read; it makes them faster and keeps them fresh.
"use strict";

// The page says when its case has changed, and how much; nothing moves until the reader asks.
(function live() {
  const notice = document.getElementById("live");
  if (!notice || !window.EventSource) return;
  const words = notice.querySelector("[data-words]");
  const source = new EventSource(notice.dataset.url);
  let claims = 0;
  source.addEventListener("changed", (event) => {
    const change = JSON.parse(event.data);
    claims += change.claims;
    words.textContent = claims === 0 ? "The case changed" : claims === 1 ? "1 claim changed" : `${claims} claims changed`;
    notice.hidden = false;
  });
  source.addEventListener("reading", (event) => {
    const job = JSON.parse(event.data);
    const bar = document.getElementById("reading");
    if (!bar) return;
    bar.hidden = job.done;
    bar.querySelector("[data-words]").textContent = job.words;
    const meter = bar.querySelector("progress");
    if (job.of > 0) { meter.max = job.of; meter.value = job.read; }
    if (job.done && bar.dataset.reload !== undefined) location.reload();
  });
  window.addEventListener("pagehide", () => source.close());
})();
