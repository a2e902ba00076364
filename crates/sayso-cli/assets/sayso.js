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

// A case that is being weighed: its page comes when that is done.
(function weighing() {
  const waiting = document.getElementById("weighing");
  if (!waiting || !window.EventSource) return;
  const source = new EventSource(waiting.dataset.url);
  source.addEventListener("weighed", () => { source.close(); location.reload(); });
})();

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const say = (words) => { const said = document.getElementById("said"); if (said) said.textContent = words; };
const typing = (element) => element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && element.type !== "checkbox");
const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* refused: forgotten */ } };
const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };

// Light or dark, against the system's choice.
(function theme() {
  const button = document.getElementById("theme");
  if (!button) return;
  const dark = () => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const label = () => { button.textContent = dark() ? "Light" : "Dark"; };
  button.hidden = false;
  label();
  button.addEventListener("click", () => {
    const theme = dark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    remember("theme", theme);
    label();
  });
})();

// The reader's own time beside UTC.
function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime*='T']:not([data-local])")) {
    const moment = new Date(time.dateTime);
    time.dataset.local = "";
    if (isNaN(moment) || moment.getTimezoneOffset() === 0) continue;
    const day = moment.toISOString().slice(0, 10) === new Date(moment - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
    const words = moment.toLocaleString(undefined, { hour: "2-digit", minute: "2-digit", ...(day ? {} : { day: "numeric", month: "short" }) });
    const local = document.createElement("span");
    local.className = "local";
    local.textContent = ` (${words} here)`;
    time.append(local);
  }
}
localTimes(document);
document.addEventListener("htmx:afterSwap", (event) => localTimes(event.target.parentElement ?? document));

// A mention as a sentence to put into an article.
function copy(item) {
  const cite = item.querySelector("[data-cite]");
  const link = cite.querySelector("a");
  const words = `${cite.firstChild.textContent.trim()} ${link.href}`;
  const done = () => say("Copied.");
  const by_hand = () => {
    item.querySelector("details.cite").open = true;
    getSelection().selectAllChildren(cite);
    say("Selected: copy it.");
  };
  if (navigator.clipboard) navigator.clipboard.writeText(words).then(done, by_hand); else by_hand();
}
function copies(root) {
  root.querySelectorAll("[data-copy][hidden]").forEach((button) => { button.hidden = false; });
}
copies(document);
document.addEventListener("htmx:afterSwap", (event) => copies(event.target.parentElement ?? document));
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  copy(button.closest("[data-item]"));
  button.firstChild.textContent = "Copied ";
});

// Keys: ctrl+K searches, j and k go through a list, Enter opens, z undoes. Nothing happens while somebody types.
(function keys() {
  const items = () => [...document.querySelectorAll("[data-item]")].filter((item) => item.offsetParent !== null);
  const go = (step) => {
    const all = items();
    if (all.length === 0) return;
    const at = all.findIndex((item) => item.contains(document.activeElement));
    const next = at < 0 ? (step > 0 ? all.find((item) => item.getBoundingClientRect().bottom > 120) ?? all[0] : all[0]) : all[Math.min(Math.max(at + step, 0), all.length - 1)];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      const find = document.getElementById("find");
      if (!find) return;
      event.preventDefault();
      find.focus();
      find.select();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "Enter" && event.target.matches("[data-item]")) event.target.querySelector("a[href]")?.click();
    else if (event.key === "c" && document.activeElement?.closest?.("[data-item]")?.querySelector("[data-cite]")) copy(document.activeElement.closest("[data-item]"));
    else if (event.key === "m") document.getElementById("marks")?.click();
    else if (event.key === "z" && !document.querySelector("[data-review]")) document.querySelector("form.undo")?.requestSubmit();
    else return;
    event.preventDefault();
  });
})();

// A report: either side leads to the other; the marks can be switched off; #s120-180 leads to characters.
(function reader() {
  const reader = document.querySelector(".reader");
  if (!reader) return;
  const elsewhere = () => {
    const place = /^#s(\d+)-(\d+)$/.exec(location.hash);
    if (!place || document.getElementById(location.hash.slice(1))) return false;
    const there = new URL(location.href);
    there.searchParams.set("at", `${place[1]}-${place[2]}`);
    location.replace(there);
    return true;
  };
  window.addEventListener("hashchange", elsewhere);
  if (elsewhere()) return;
  const marks = document.getElementById("marks");
  const asked = new URL(location.href);
  if (!asked.searchParams.has("marks") && recall("marks") === "off") marks.checked = false;
  marks.addEventListener("change", () => {
    remember("marks", marks.checked ? "on" : "off");
    if (marks.checked) asked.searchParams.delete("marks"); else asked.searchParams.set("marks", "off");
    history.replaceState(null, "", asked);
  });
  const roles = ["w", "c", "h", "q"];
  const light = (number) => {
    reader.querySelectorAll(".on").forEach((element) => element.classList.remove("on"));
    const parts = roles.flatMap((role) => [...reader.querySelectorAll(`[data-${role}~="${number}"]`)]);
    parts.forEach((part) => part.classList.add("on"));
    const note = document.getElementById(`n${number}`);
    note?.classList.add("on");
    return { note, part: reader.querySelector(`[data-q~="${number}"]`) ?? parts[0] };
  };
  const seen = (element) => element?.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  reader.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link && !link.matches("a.n")) return;
    const note = event.target.closest(".notes [data-s]");
    const mark = event.target.closest("[data-s],[data-w],[data-c],[data-h],[data-q]");
    if (note) { event.preventDefault(); seen(light(note.dataset.s).part); return; }
    if (!mark) return;
    const key = ["s", ...roles].find((role) => mark.dataset[role] !== undefined);
    if (link) event.preventDefault();
    seen(light(mark.dataset[key].split(" ")[0]).note);
  });
  reader.addEventListener("focusin", (event) => {
    const note = event.target.closest(".notes [data-s]");
    if (note && event.target === note) seen(light(note.dataset.s).part);
  });
})();

// The queue: answers are sent one after the other while the next question is already there.
(function review() {
  const queue = document.querySelector("[data-review]");
  if (!queue) return;
  const left = document.getElementById("left");
  const more = document.getElementById("more");
  const made = [];
  let line = Promise.resolve();
  const chosen = () => open().filter((item) => item.querySelector(".choose")?.checked);
  const count = () => {
    const many = chosen().length;
    document.getElementById("chosen").textContent = many === 0 ? "Choose questions to answer them at once" : many === 1 ? "1 question is chosen" : `${many} questions are chosen`;
  };
  const open = () => [...queue.querySelectorAll("[data-item]:not(.done)")];
  const focus = (item) => {
    if (item) { item.focus({ preventScroll: true }); item.scrollIntoView({ block: "nearest", behavior: "auto" }); return; }
    more.hidden = false;
    more.focus();
  };
  const send = (fields) => {
    line = line.catch(() => {}).then(() => fetch(queue.dataset.url, { method: "POST", headers: { "hx-request": "true" }, body: new URLSearchParams(fields) })).then((answer) => {
      if (!answer.ok) throw new Error(`refused (${answer.status})`);
      return JSON.parse(answer.headers.get("hx-trigger") ?? "{}").decided?.number;
    });
    return line;
  };
  const restore = (step) => {
    step.item.classList.remove("done", "unsure");
    step.item.querySelector(".question").replaceWith(step.question);
    left.textContent = Number(left.textContent) + 1;
    focus(step.item);
  };
  const answer = (item, key) => {
    const button = item.querySelector(`[data-answer="${key}"]`);
    if (!button || item.classList.contains("done")) return;
    const question = item.querySelector(".question");
    const words = button.firstChild.textContent.trim();
    const short = document.createElement("div");
    short.className = "question";
    const sum = `${words}: ${question.querySelector("h2").lastChild.textContent.trim()}`;
    const back = document.createElement("button");
    back.type = "button";
    back.className = "tiny";
    back.textContent = "Undo";
    short.append(sum, back);
    const step = { item, question, number: null };
    const all = open();
    const next = all[all.indexOf(item) + 1] ?? all.find((other) => other !== item);
    if (key !== "u") step.number = send(new FormData(button.form));
    question.replaceWith(short);
    item.classList.add("done");
    item.classList.toggle("unsure", key === "u");
    left.textContent = Number(left.textContent) - 1;
    back.addEventListener("click", () => undo(step));
    made.push(step);
    say(`${sum} Press z to undo.`);
    focus(next);
    step.number?.catch((error) => {
      made.splice(made.indexOf(step), 1);
      restore(step);
      say(`That was not kept: ${error.message}. Load the page again.`);
    });
  };
  const undo = (step = made.at(-1)) => {
    if (!step) { say("There is nothing to undo."); return; }
    made.splice(made.indexOf(step), 1);
    restore(step);
    say("Undone.");
    step.number?.then((number) => send({ csrf: queue.dataset.csrf, decision: "undo", line: number })).catch((error) => say(`The undo was not kept: ${error.message}.`));
  };
  queue.querySelectorAll("[data-answer='u']").forEach((button) => { button.hidden = false; });
  queue.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(event.target.closest("[data-item]"), event.submitter?.dataset.answer ?? "a");
  });
  const bulk = document.getElementById("bulk");
  const all = (key) => {
    const these = chosen();
    if (these.length === 0) { say("Nothing is chosen: s chooses a question."); return; }
    these.forEach((item) => answer(item, key));
    count();
    say(`${these.length} questions are answered. z undoes the last.`);
  };
  bulk.addEventListener("submit", (event) => {
    event.preventDefault();
    all(event.submitter?.value === "no" ? "x" : "a");
  });
  const every = document.getElementById("choose-all");
  every.hidden = false;
  every.addEventListener("click", () => {
    const boxes = open().map((item) => item.querySelector(".choose"));
    const on = boxes.some((box) => !box.checked);
    boxes.forEach((box) => { box.checked = on; });
    count();
  });
  queue.addEventListener("change", count);
  queue.addEventListener("click", (event) => {
    const button = event.target.closest("[data-answer='u']");
    if (button) answer(button.closest("[data-item]"), "u");
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "z") { event.preventDefault(); undo(); return; }
    if (event.key === "A" || event.key === "X") { event.preventDefault(); all(event.key.toLowerCase()); return; }
    if (event.key === "s") {
      const box = document.activeElement?.closest?.("[data-item]:not(.done)")?.querySelector(".choose");
      if (!box) return;
      event.preventDefault();
      box.checked = !box.checked;
      count();
      return;
    }
    if (!["a", "x", "u"].includes(event.key)) return;
    const item = document.activeElement?.closest?.("[data-item]:not(.done)") ?? open()[0];
    if (item) { event.preventDefault(); answer(item, event.key); }
  });
  // Ready for the first answer, with the head of the page still in sight.
  if (!location.hash) open()[0]?.focus({ preventScroll: true });
})();
