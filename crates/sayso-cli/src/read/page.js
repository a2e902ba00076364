// Shows one statement at a time: rest on a mark or a note, or move the focus to its number.
(() => {
  const roles = ["w", "c", "h", "q"];
  let lit = [];
  const clear = () => {
    for (const element of lit) element.classList.remove("on", "first", "as-w", "as-c", "as-q", "as-h");
    lit = [];
  };
  const light = (element, ...classes) => { element.classList.add("on", ...classes); lit.push(element); };
  // The statement under an element: its own number, else the innermost that it is source, cue, hedge or content of.
  const statement = (element) => {
    const held = element.closest("[data-s],[data-w],[data-c],[data-h],[data-q]");
    if (!held) return null;
    const key = ["s", ...roles].find((role) => held.dataset[role] !== undefined);
    return { article: held.closest("article"), number: held.dataset[key].split(" ")[0] };
  };
  const show = (event) => {
    const found = event.target instanceof Element && statement(event.target);
    clear();
    if (!found) return;
    for (const role of roles) {
      const parts = found.article.querySelectorAll(`[data-${role}~="${found.number}"]`);
      parts.forEach((part, k) => light(part, ...(k === 0 ? ["first", `as-${role}`] : [])));
    }
    found.article.querySelectorAll(`[data-s="${found.number}"]`).forEach((part) => light(part));
  };
  for (const kind of ["pointerover", "focusin", "click"]) document.addEventListener(kind, show);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") clear(); });
})();
