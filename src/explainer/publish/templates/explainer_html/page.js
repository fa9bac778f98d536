/* What the page can do besides being read: an earlier day, a search in the timeline, an order for the matrix, files.
   Everything here adds to what stands already; without scripts nothing is missing but these controls. */

/** Say words in the page's language, with data in their places; html/exporter.py brings what is SAID in another one. */
const _ = (text, ...values) => (SAID[text] ?? text).replace(/\{(\d)\}/g, (place, n) => values[n]);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const LABEL = '.label, [href^="#label-"]';
const make = (tag, values = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(values)) {
    if (key === "class") element.className = value;
    else if (key in element && key !== "list") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
};
const month = new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", timeZone: "UTC" });
const words = (day) => `${+day.slice(8)} ${month.format(new Date(day))} ${day.slice(0, 4)}`;
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const number = (day) => Date.parse(`${day}T00:00:00Z`) / 864e5;
const iso = (n) => new Date(n * 864e5).toISOString().slice(0, 10);

/* --- the parcel: what only this script reads */

let opened;
const parcel = () => (opened ??= new Response(new Blob([Uint8Array.from(atob(one("#parcel").textContent), (c) => c.charCodeAt())])
  .stream().pipeThrough(new DecompressionStream("deflate"))).json());

/* --- files under an exhibit: served from the page itself, wherever it lies */

function save(name, blob) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const tableText = (table) =>
  all("tr:not(.off, [hidden])", table).map((row) => [...row.cells].map((cell) => quoted(cell.textContent.trim())).join(",")).join("\n") + "\n";

/** Write a drawing with the rules and letters that it needs away from the page. */
function drawing(shown) {
  const copy = shown.cloneNode(true);
  const needed = (rule) => (rule.selectorText ? copy.matches(rule.selectorText) || one(rule.selectorText, copy) : /Sans|IPA/.test(rule.cssText) && /base64/.test(rule.cssText));
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter(needed).map((rule) => rule.cssText);
  const style = document.createElementNS(copy.namespaceURI, "style");
  style.textContent = [':root{--sans:"Source Sans Pro","IPAexGothic",sans-serif}', ...rules].join("\n");
  copy.prepend(style);
  return framed(copy, shown.closest("figure"));
}

/** Set a drawing, which goes its own way from here, between its title and its source with the day. */
function framed(copy, figure) {
  const [width, height] = ["width", "height"].map((side) => +copy.getAttribute(side));
  const whole = document.createElementNS(copy.namespaceURI, "svg");
  let y = 0;
  const lines = (text, size, weight) => {
    const rows = [""];
    for (const word of text.split(" ")) {
      if ((rows.at(-1) + word).length > width / size * 1.9) rows.push("");
      rows.push(`${rows.pop()} ${word}`.trim());
    }
    for (const row of rows) {
      y += size * 1.3;
      const line = whole.appendChild(document.createElementNS(copy.namespaceURI, "text"));
      const looks = { x: 8, y, "font-size": size, "font-weight": weight, fill: "#1f1f1f", "font-family": "Source Sans Pro, IPAexGothic, sans-serif" };
      for (const [key, value] of Object.entries(looks)) line.setAttribute(key, value);
      line.textContent = row;
    }
  };
  const told = (selector) => one(selector, figure)?.textContent.trim().replace(/\s+/g, " ") ?? "";
  lines(told(".claim"), 17, 600);
  copy.setAttribute("y", y += 8);
  y += height;
  lines(`${told("p.source, .source summary")} ${document.title}. `.trimStart() + _("As of {0}.", words(one("article").dataset.asOf)), 13, 400);
  for (const [key, value] of [["width", width], ["height", Math.ceil(y + 10)]]) whole.setAttribute(key, value);
  whole.prepend(copy);
  return whole;
}
const written = (element) => new XMLSerializer().serializeToString(element);

async function picture(shown) {
  const [wide, made] = [new Image(), drawing(shown)];
  wide.src = `data:image/svg+xml,${encodeURIComponent(written(made))}`;
  await wide.decode();
  const canvas = make("canvas", { width: made.getAttribute("width") * 2, height: made.getAttribute("height") * 2 });
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(wide, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

/** Write a table for programs that take a leading sign for a formula, and letters for another code without a mark. */
function forSheets(csv) {
  return `\ufeff${csv.replace(/(^|,|\n)("?)([=+@\t]|-(?![\d.]))/g, "$1$2'$3")}`;
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-kit]");
  if (!link) return;
  event.preventDefault();
  const name = link.getAttribute("href").split("/").pop();
  const exhibit = link.closest("figure");
  const wide = one("svg.wide", exhibit);
  if (link.dataset.kit === "csv") {
    save(name, new Blob([forSheets(tableText(one("table", exhibit)))], { type: "text/csv" }));
  } else if (link.dataset.kit === "wide") {
    save(name, new Blob([written(drawing(wide))], { type: "image/svg+xml" }));
  } else {
    save(name, await picture(wide));
  }
});

/* --- the timeline: filter, search, go to a day */

function choice(label, values) {
  const select = make("select", {}, make("option", { value: "" }, _("All")));
  for (const [value, text] of values) select.append(make("option", { value }, text));
  return [make("label", {}, make("span", {}, label), select), select];
}
const distinct = (values) => [...new Set(values)].filter(Boolean).sort((a, b) => a.localeCompare(b, "en"));

/** Search rows by words and by what `more` asks; a link to a row that is not shown clears the search. */
function searchable(rows, status, told, more = () => true, clear = () => {}) {
  const text = rows.map((row) => row.textContent.toLowerCase());
  const search = make("input", { type: "search" });
  const filter = () => {
    const sought = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    rows.forEach((row, n) => row.classList.toggle("off", !(more(row) && sought.every((word) => text[n].includes(word)))));
    const standing = rows.filter((row) => !row.hidden);
    status.textContent = told(standing.filter((row) => !row.classList.contains("off")).length, standing.length);
  };
  search.addEventListener("input", filter);
  document.addEventListener("day", filter);
  addEventListener("hashchange", () => {
    const row = document.getElementById(location.hash.slice(1));
    if (!rows.includes(row) || !row.classList.contains("off")) return;
    search.value = "";
    clear();
    filter();
    row.scrollIntoView({ block: "center" });
  });
  return [search, filter];
}

function timeline(exhibit) {
  const rows = all("tbody tr", exhibit);
  rows.forEach(address);
  const names = {};
  for (const row of rows) {
    const codes = (row.dataset.actor ?? "").split(";");
    row.cells[1].textContent.split(", ").forEach((name, n) => { if (codes[n]) names[codes[n]] = name; });
  }
  const [whoLabel, who] = choice(_("Who"), Object.entries(names).sort((a, b) => a[1].localeCompare(b[1], "en")));
  const [kindLabel, kind] = choice(_("Kind"), distinct(rows.map((row) => row.dataset.category)).map((k) => [k, k]));
  const sureOf = (row) => one(LABEL, row)?.textContent ?? "";
  const [sureLabel, sure] = choice(_("How sure"), distinct(rows.map(sureOf)).map((s) => [s, s]));
  const asked = (row) => (!who.value || (row.dataset.actor ?? "").split(";").includes(who.value)) &&
    (!kind.value || row.dataset.category === kind.value) && (!sure.value || sureOf(row) === sure.value);
  const status = one(".found", exhibit) ?? make("p", { class: "found", role: "status" });
  const found = (n, all) => (n === all ? _("All {0} events", n) : _("{0} of {1} events", n, all));
  const [search, filter] = searchable(rows, status, found, asked, () => form.reset());
  const days = rows.map((row) => row.id.slice(6, 16));
  const jump = make("input", { type: "date", min: days[0], max: days.at(-1) });
  const reset = make("button", { type: "button" }, _("Show all"));
  const form = make("form", { class: "tool", role: "search", ariaLabel: _("Find events") },
    make("label", {}, make("span", {}, _("Search")), search), whoLabel, kindLabel, sureLabel,
    make("label", {}, make("span", {}, _("Go to day")), jump), reset);
  for (const select of [who, kind, sure]) select.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  reset.addEventListener("click", () => { form.reset(); filter(); });
  jump.addEventListener("change", () => {
    const row = rows.find((r, n) => days[n] >= jump.value && !r.hidden && !r.classList.contains("off"));
    status.textContent = row && jump.value ? _("First event from then on: {0}", row.cells[0].textContent) : _("No event from that day on");
    if (!row || !jump.value) return;
    one("a", row.cells[0]).focus({ preventScroll: true });
    row.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
  });
  one(".scroll", exhibit).before(form, status);
  all("a.sides", exhibit).forEach(unfold);
  filter();
}

/** Put a button beside a link to the accounts of the sides that shows them where they are spoken of. */
function unfold(link) {
  const accounts = one(`${CSS.escape ? "#" + CSS.escape(link.hash.slice(1)) : link.hash} table`);
  if (!accounts) return;
  const button = make("button", { type: "button", class: "here", ariaExpanded: "false" }, _("Show here"));
  const list = make("dl", { class: "accounts", hidden: true });
  button.addEventListener("click", () => {
    list.replaceChildren(...all("tbody tr", accounts).filter((row) => !row.hidden).map((row) =>
      make("div", {}, make("dt", {}, row.cells[0].textContent), make("dd", {}, row.cells[1].textContent))));
    list.hidden = !list.hidden;
    button.ariaExpanded = String(!list.hidden);
    button.textContent = list.hidden ? _("Show here") : _("Hide");
  });
  link.after(" ", button, list);
}

/* --- the matrix: an order by any column */

function sortable(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const status = make("p", { class: "hidden", role: "status" });
  const key = (row, n) => {
    const cell = row.cells[n];
    const state = all("[data-rank]", cell).find((part) => !part.hidden);
    return n ? (state ? state.dataset.rank : "9") : row.dataset.order;
  };
  heads.forEach((head, n) => {
    const name = head.textContent.trim();
    const button = make("button", { type: "button" }, name);
    head.replaceChildren(button);
    if (!n) head.ariaSort = "ascending";
    button.addEventListener("click", () => {
      const up = head.ariaSort !== "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.ariaSort = up ? "ascending" : "descending";
      const rows = [...body.rows].sort((a, b) => (up ? 1 : -1) * key(a, n).localeCompare(key(b, n), "en", { numeric: true }) ||
        a.dataset.order - b.dataset.order);
      body.append(...rows);
      status.textContent = up ? _("Sorted by {0}, ascending", name) : _("Sorted by {0}, descending", name);
    });
  });
  table.parentElement.before(status);
}

/** Do what the first screen does not need once it stands. */
const later = (work) => (window.requestIdleCallback ?? setTimeout)(work);

/* --- the record: a filter and links to rows; print leaves it out unless asked */

/** Make a row's first cell the link to it. */
function address(row) {
  const head = row.cells[0];
  if (!row.id || one("a, button", head)) return;
  const link = make("a", { href: `#${row.id}` });
  link.append(...head.childNodes);
  head.append(link);
}

function register(exhibit) {
  const rows = all("tbody tr", exhibit);
  rows.forEach(address);
  const status = one(".found", exhibit);
  if (rows.length < 8 || !status) return;
  const [search] = searchable(rows, status, (n, all) => (n === all ? _("All {0} rows", n) : _("{0} of {1} rows", n, all)));
  status.before(make("div", { class: "tool" }, make("label", {}, make("span", {}, _("Filter these rows")), search)));
}

function printing(record) {
  const button = make("button", { type: "button" }, _("Print with the record"));
  button.addEventListener("click", () => { document.documentElement.classList.add("whole"); print(); });
  addEventListener("afterprint", () => document.documentElement.classList.remove("whole"));
  one(".cell", record).append(make("div", { class: "tool with-record" }, button));
}

/* --- where one is, and the way back from a note, source or term */

function place() {
  const links = new Map(all("nav a").map((link) => [link.hash.slice(1), link]));
  const sections = all("section[id]").filter((section) => links.has(section.id));
  const seen = new Set();
  const observer = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) seen[isIntersecting ? "add" : "delete"](target);
    const here = links.get(sections.findLast((section) => seen.has(section))?.id);
    if (!here) return;
    all("nav [aria-current]").forEach((link) => link.removeAttribute("aria-current"));
    here.ariaCurrent = "true";
    if (!matchMedia("(min-width: 72rem)").matches) return;
    all("nav details").forEach((details) => { details.open = details.parentElement.contains(here); });
  }, { rootMargin: "-12% 0px -87% 0px" });
  sections.forEach((section) => observer.observe(section));
}

function wayBack() {
  const button = make("button", { type: "button", class: "return", hidden: true }, _("Back to where you were"));
  button.addEventListener("click", () => { button.hidden = true; history.back(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) button.hidden = !/^#(note|s|term|label|correction)[-_]/.test(link.hash) || link.closest(".back");
  });
  document.body.append(button);
}

/** Show a note beside its number while the pointer or the keyboard is there. */
function previews() {
  const box = make("div", { class: "preview", id: "preview", role: "tooltip", hidden: true });
  const show = (event) => {
    if (box.contains(event.target)) return;
    const link = event.target.closest?.('a[role="doc-noteref"]');
    const note = link && document.getElementById(link.hash.slice(1))?.cloneNode(true);
    box.hidden = !note;
    if (!note) return;
    all('[role="doc-backlink"]', note).forEach((part) => part.remove());
    box.textContent = note.textContent.trim();
    link.setAttribute("aria-describedby", box.id);
    const at = link.getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${at.bottom + box.offsetHeight > innerHeight ? at.top - box.offsetHeight : at.bottom}px`;
  };
  for (const kind of ["mouseover", "focusin"]) document.addEventListener(kind, show);
  for (const kind of ["scroll", "keydown"]) document.addEventListener(kind, (event) => { if (kind === "scroll" || event.key === "Escape") box.hidden = true; });
  document.body.append(box);
}

all("table.wide").forEach((table) => all("thead th", table).forEach((head, n) =>
  table.style.setProperty(`--head-${n + 1}`, JSON.stringify(`${head.textContent}:`))));
dayTool();
previews();
place();
wayBack();
all("section.record").forEach((record) => later(() => {
  printing(record);
  all("figure.table:not(#tab-events-register)", record).forEach(register);
}));
all("#tab-events-register").forEach((exhibit) => later(() => timeline(exhibit)));
all("table.matrix").forEach((table) => later(() => sortable(table)));
