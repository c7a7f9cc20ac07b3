// Filters, search and keys of the page of a review. Without it the page is whole, and everything can be opened.
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  document.documentElement.classList.add("js");

  const entries = all(".change").map((element) => ({
    element,
    of: element.dataset.risk.split(" "),
    layer: element.dataset.layer,
    text: element.textContent.toLowerCase(),
  }));
  const search = one("#search");
  const boxes = all(".tools input[type=checkbox]");
  const tiles = all(".tile");
  const chosen = (name) => boxes.filter((box) => box.name === name && box.checked).map((box) => box.value);

  const filter = () => {
    const words = (search?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const risks = chosen("risk");
    const layers = chosen("layer");
    let shown = 0;
    for (const { element, of, layer, text } of entries) {
      const fits =
        (risks.length === 0 || risks.some((risk) => of.includes(risk))) &&
        (layers.length === 0 || layers.includes(layer)) &&
        words.every((word) => text.includes(word));
      element.hidden = !fits;
      if (fits) shown++;
    }
    for (const tile of tiles) tile.setAttribute("aria-pressed", String(risks.includes(tile.dataset.risk)));
    const output = one("#shown");
    if (output) output.textContent = `${shown} of ${entries.length} changes`;
  };

  const clear = () => {
    if (search) search.value = "";
    for (const box of boxes) box.checked = false;
    filter();
  };

  // A link to a change opens it, also where a filter hides it.
  const openTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target?.classList.contains("change")) return;
    if (target.hidden) clear();
    target.open = true;
    target.querySelector("summary").focus();
    target.scrollIntoView({ block: "start" });
  };

  // Only a table that goes on says so.
  const hint = one(".hint");
  const table = one(".scroll");
  const showHint = () => {
    if (hint && table) hint.hidden = table.scrollWidth <= table.clientWidth;
  };
  window.addEventListener("resize", showHint);
  showHint();

  search?.addEventListener("input", filter);
  for (const box of boxes) box.addEventListener("change", filter);
  one(".tools")?.addEventListener("submit", (event) => event.preventDefault());
  one("#clear")?.addEventListener("click", clear);
  for (const [id, open] of [
    ["#open-all", true],
    ["#close-all", false],
  ])
    one(id)?.addEventListener("click", () => {
      for (const { element } of entries) if (!element.hidden) element.open = open;
    });
  for (const tile of tiles)
    tile.addEventListener("click", () => {
      const box = boxes.find((each) => each.name === "risk" && each.value === tile.dataset.risk);
      if (!box) return;
      box.checked = !box.checked;
      filter();
    });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName ?? "");
    if (event.key === "/" && !typing && search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && event.target === search) clear();
  });
  window.addEventListener("hashchange", openTarget);
  // Paper cannot be opened.
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const element of closed) element.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const element of closed) element.open = false;
  });
  filter();
  openTarget();
})();
