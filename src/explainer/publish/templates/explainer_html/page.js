/* What the page can do besides being read: an earlier day, a search in the timeline, an order for the matrix, files.
   Everything here adds to what stands already; without scripts nothing is missing but these controls. */

const WORDS = {
  asOf: "As of", day: "Day", whole: (day) => `Show the edition of ${day}`,
  dayTool: "See this page as of an earlier day",
  then: (day, rows, cells) => `You see this page as of ${day}. Hidden because they came later: ${rows} table rows and ${cells} paragraphs or exhibits. `,
  limits: (day) => `Drawings, titles of exhibits and the tables marked so are still those of ${day}.`,
  now: (day) => `You see the edition of ${day}.`,
  rowsThen: (shown, all, day) => `As of ${day}: ${shown} of these ${all} rows.`,
  cellsThen: (day) => `As of ${day}: positions known by then.`,
  notThen: (day) => `Not set back: this is as of ${day}.`,
  find: "Find events", search: "Search", who: "Who", kind: "Kind", sure: "How sure", all: "All", jump: "Go to day",
  reset: "Show all", found: (n, all) => (n === all ? `All ${all} events` : `${n} of ${all} events`),
  jumped: (day) => `First event from then on: ${day}`, noneAfter: "No event from that day on",
  rows: (n, all) => (n === all ? `All ${all} rows` : `${n} of ${all} rows`), filter: "Filter these rows",
  print: "Print with the record", back: "Back to where you were",
  here: "Show here", hide: "Hide", sort: (name, up) => `Sorted by ${name}, ${up ? "ascending" : "descending"}`,
};

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

/* --- the parcel: `parcel.py` packs it, the browser opens it */

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
  lines(`${told("p.source, .source summary")} ${document.title}. ${WORDS.asOf} ${words(one("article").dataset.asOf)}.`.trim(), 13, 400);
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
    const whole = (await parcel()).csv[name];
    const text = whole && !one("tr.off", exhibit) ? whole : tableText(one("table", exhibit));
    save(name, new Blob([forSheets(text)], { type: "text/csv" }));
  } else if (link.dataset.kit === "wide") {
    save(name, new Blob([written(drawing(wide))], { type: "image/svg+xml" }));
  } else {
    save(name, await picture(wide));
  }
});

/* --- the timeline: filter, search, go to a day */

function choice(label, values) {
  const select = make("select", {}, make("option", { value: "" }, WORDS.all));
  for (const [value, text] of values) select.append(make("option", { value }, text));
  return [make("label", {}, make("span", {}, label), select), select];
}
const distinct = (values) => [...new Set(values)].filter(Boolean).sort((a, b) => a.localeCompare(b, "en"));

function timeline(exhibit) {
  const rows = all("tbody tr", exhibit);
  rows.forEach(address);
  const text = rows.map((row) => row.textContent.toLowerCase());
  const names = {};
  for (const row of rows) {
    const codes = (row.dataset.actor ?? "").split(";");
    row.cells[1].textContent.split(", ").forEach((name, n) => { if (codes[n]) names[codes[n]] = name; });
  }
  const [whoLabel, who] = choice(WORDS.who, Object.entries(names).sort((a, b) => a[1].localeCompare(b[1], "en")));
  const [kindLabel, kind] = choice(WORDS.kind, distinct(rows.map((row) => row.dataset.category)).map((k) => [k, k]));
  const sureOf = (row) => one(LABEL, row)?.textContent ?? "";
  const [sureLabel, sure] = choice(WORDS.sure, distinct(rows.map(sureOf)).map((s) => [s, s]));
  const search = make("input", { type: "search" });
  const days = rows.map((row) => row.id.slice(6, 16));
  const jump = make("input", { type: "date", min: days[0], max: days.at(-1) });
  const status = one(".found", exhibit) ?? make("p", { class: "found", role: "status" });
  const form = make("form", { class: "tool", role: "search", ariaLabel: WORDS.find },
    make("label", {}, make("span", {}, WORDS.search), search), whoLabel, kindLabel, sureLabel,
    make("label", {}, make("span", {}, WORDS.jump), jump), make("button", { type: "reset" }, WORDS.reset));
  const count = () => {
    const standing = rows.filter((row) => !row.hidden);
    status.textContent = WORDS.found(standing.filter((row) => !row.classList.contains("off")).length, standing.length);
  };
  const filter = () => {
    const sought = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    rows.forEach((row, n) => row.classList.toggle("off", !(
      (!who.value || (row.dataset.actor ?? "").split(";").includes(who.value)) && (!kind.value || row.dataset.category === kind.value) &&
      (!sure.value || sureOf(row) === sure.value) && sought.every((word) => text[n].includes(word)))));
    count();
  };
  form.addEventListener("input", (event) => { if (event.target !== jump) filter(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  jump.addEventListener("change", () => {
    const row = rows.find((r, n) => days[n] >= jump.value && !r.hidden && !r.classList.contains("off"));
    status.textContent = row && jump.value ? WORDS.jumped(row.cells[0].textContent) : WORDS.noneAfter;
    if (!row || !jump.value) return;
    one("a", row.cells[0]).focus({ preventScroll: true });
    row.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
  });
  one(".scroll", exhibit).before(form, status);
  const show = () => {  // a link to an event that the filter hides shows it
    const row = location.hash.startsWith("#event-") && document.getElementById(location.hash.slice(1));
    if (row && row.classList.contains("off")) { form.reset(); filter(); row.scrollIntoView({ block: "center" }); }
  };
  addEventListener("hashchange", show);
  document.addEventListener("day", filter);
  all("a.sides", exhibit).forEach(unfold);
  count();
}

/** Put a button beside a link to the accounts of the sides that shows them where they are spoken of. */
function unfold(link) {
  const accounts = one(`${CSS.escape ? "#" + CSS.escape(link.hash.slice(1)) : link.hash} table`);
  if (!accounts) return;
  const button = make("button", { type: "button", class: "here", ariaExpanded: "false" }, WORDS.here);
  const list = make("dl", { class: "accounts", hidden: true });
  button.addEventListener("click", () => {
    list.replaceChildren(...all("tbody tr", accounts).filter((row) => !row.hidden).map((row) =>
      make("div", {}, make("dt", {}, row.cells[0].textContent), make("dd", {}, row.cells[1].textContent))));
    list.hidden = !list.hidden;
    button.ariaExpanded = String(!list.hidden);
    button.textContent = list.hidden ? WORDS.here : WORDS.hide;
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
      status.textContent = WORDS.sort(name, up);
    });
  });
  table.parentElement.before(status);
}

/* --- the day: what came later steps back */

function dayTool() {
  const article = one("article");
  const { first, asOf } = article.dataset;
  const [low, high] = [number(first), number(asOf)];
  const room = one(".day-room");
  if (!(low < high)) { room.remove(); return; }
  const range = make("input", { type: "range", min: low, max: high, value: high, ariaLabel: WORDS.dayTool });
  const field = make("input", { type: "date", min: first, max: asOf, value: asOf });
  const back = () => make("button", { type: "button", hidden: true }, WORDS.whole(words(asOf)));
  const [button, second] = [back(), back()];
  const banner = make("div", { class: "banner" }, make("p", { role: "status" }), second);
  const form = make("form", { class: "tool day", ariaLabel: WORDS.dayTool },
    make("label", {}, make("span", {}, WORDS.day), field), range, button);
  form.addEventListener("submit", (event) => event.preventDefault());
  const details = make("details", { class: "earlier-day" }, make("summary", {}, WORDS.dayTool), form);
  room.append(details);
  article.before(banner);
  const put = async (day) => {
    [range.value, field.value] = [number(day), day];
    range.setAttribute("aria-valuetext", words(day));
    const away = day === asOf;
    for (const one of [button, second]) one.hidden = away;
    banner.classList.toggle("on", !away);
    const counts = await setDay(day, asOf);
    one("p", banner).textContent = away ? WORDS.now(words(asOf)) : WORDS.then(words(day), ...counts) + WORDS.limits(words(asOf));
    article.dataset.shown = day;
    document.dispatchEvent(new Event("day"));
  };
  const note = (day) => history.replaceState(null, "", day === asOf ? location.href.split("#")[0] : `#day-${day}`);
  const asked = () => {  // an address may name a day
    const day = location.hash.match(/^#day-(\d{4}-\d\d-\d\d)$/)?.[1] ?? "";
    if (day >= first && day <= asOf) { details.open = true; put(day); }
  };
  addEventListener("hashchange", asked);
  let waiting = 0;
  range.addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => put(iso(+range.value)));
  });
  field.addEventListener("change", () => {
    if (field.value >= first && field.value <= asOf) { put(field.value); note(field.value); }
    else field.value = iso(+range.value);
  });
  range.addEventListener("change", () => note(iso(+range.value)));
  for (const one of [button, second]) one.addEventListener("click", () => { put(asOf); note(asOf); field.focus(); });
  range.setAttribute("aria-valuetext", words(asOf));
  asked();
}

let ready;
/** Gather once what a day can change; earlier wordings come out of the parcel. */
async function gather() {
  for (const [place, how, since, until, html, rank, was] of (await parcel()).earlier) {
    const target = document.getElementById(place);
    if (!target) continue;
    const part = make("div", { class: how === "in" ? "state" : "cell earlier", hidden: true });
    part.dataset.since = since;
    part.dataset.until = until;
    if (how === "in") part.dataset.rank = rank;
    if (was) part.dataset.was = was;
    part.innerHTML = html;
    if (how === "in") target.prepend(part);
    else target[how](part);
  }
  const out = new Map(all("#sources dd").map((dd) => {
    const found = dd.firstElementChild.id.match(/\d{4}-\d\d-\d\d/);
    return [dd.id, found && !dd.textContent.includes(", undated") ? found[0] : ""];
  }));
  const cells = [];
  const holders = new Set(all('main table a[href^="#s."]').map((a) => a.parentElement));
  for (const holder of holders) {
    const links = all('a[href^="#s."]', holder);
    cells.push({ cell: holder, links, days: links.map((a) => out.get(a.hash.slice(1)) ?? ""), shown: links.length });
  }
  const labels = all("main [data-was]").map((row) => ({ label: one(LABEL, row), last: one(LABEL, row)?.hash,
    was: row.dataset.was.split(",").map((step) => step.split(" ")) })).filter(({ label }) => label);
  const figures = all("main figure").map((figure) => ({ figure, rows: all("tbody tr[data-since]", figure),
    dated: all("tbody tr", figure).length > 0 && all("tbody tr:not([data-since])", figure).length === 0 && !one(".card", figure),
    matrix: Boolean(one(".matrix", figure)), said: null }));
  return { dated: all("main [data-since], main [data-until]"), rows: all("main tr[data-since]"), out, cells, labels, figures,
    sections: all("section.part"), contents: new Map(all("nav a").map((a) => [a.hash.slice(1), a])), notes: all("#notes li[id]"), divisions: all("#sources dl > div") };
}

async function setDay(day, asOf) {
  const held = await (ready ??= gather());
  const hide = (element) => { element.hidden = element.dataset.since > day || element.dataset.until < day; };
  held.dated.forEach(hide);
  all(".none").forEach((none) => { none.hidden = all(".state", none.parentElement).some((state) => !state.hidden); });
  for (const entry of held.cells) {
    const kept = entry.links.filter((_, n) => entry.days[n] <= day);
    if (kept.length === entry.shown) continue;
    entry.cell.replaceChildren(...kept.flatMap((link, n) => (n ? ["; ", link] : [link])));
    entry.shown = kept.length;
  }
  for (const { label, last, was } of held.labels) {
    const step = was.filter(([from]) => from <= day).at(-1);
    const now = day === asOf || !step ? last : `#label-${step[1]}`;
    label.textContent = one(`${now} .label`)?.textContent ?? now.slice(7);  // in the page's own language
    label.setAttribute("href", now);
  }
  for (const entry of held.figures) sayThen(entry, day, asOf);
  for (const section of held.sections) {
    section.hidden = !all(".cell", section).some((cell) => !cell.hidden && [...cell.children].some((child) => !child.hidden));
    const link = held.contents.get(section.id);
    if (link) link.parentElement.hidden = section.hidden;
  }
  for (const note of held.notes) {
    const mark = document.getElementById(`ref-${note.id.slice(5)}`);
    note.hidden = Boolean(mark && mark.closest("[hidden]"));
  }
  for (const [id, from] of held.out) document.getElementById(id).hidden = from > day;
  for (const division of held.divisions) division.hidden = !one("dd:not([hidden])", division);
  const gone = held.dated.filter((element) => element.hidden && element.dataset.since > day);
  return [gone.filter((e) => e.tagName === "TR").length, gone.filter((e) => e.classList.contains("cell")).length];
}

/** Say under the title of an exhibit how far it follows the day. */
function sayThen(entry, day, asOf) {
  const { figure, rows, dated, matrix } = entry;
  entry.said ??= figure.appendChild(make("p", { class: "then" }));
  one("figcaption", figure).after(entry.said);
  const shown = rows.filter((row) => !row.hidden).length;
  entry.said.hidden = day === asOf;
  entry.said.textContent = 
    matrix ? WORDS.cellsThen(words(day)) : dated ? WORDS.rowsThen(shown, rows.length, words(day)) : WORDS.notThen(words(asOf));
  figure.hidden = dated && shown === 0;
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
  const text = rows.map((row) => row.textContent.toLowerCase());
  const search = make("input", { type: "search" });
  const filter = () => {
    const sought = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    rows.forEach((row, n) => row.classList.toggle("off", !sought.every((word) => text[n].includes(word))));
    const standing = rows.filter((row) => !row.hidden);
    status.textContent = WORDS.rows(standing.filter((row) => !row.classList.contains("off")).length, standing.length);
  };
  search.addEventListener("input", filter);
  document.addEventListener("day", filter);
  addEventListener("hashchange", () => {
    const row = document.getElementById(location.hash.slice(1));
    if (!rows.includes(row) || !row.classList.contains("off")) return;
    search.value = "";
    filter();
    row.scrollIntoView({ block: "center" });
  });
  status.before(make("div", { class: "tool" }, make("label", {}, make("span", {}, WORDS.filter), search)));
}

function printing(record) {
  const button = make("button", { type: "button" }, WORDS.print);
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
  const button = make("button", { type: "button", class: "return", hidden: true }, WORDS.back);
  button.addEventListener("click", () => { button.hidden = true; history.back(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) button.hidden = !/^#(note|s|term|label|correction)\b/.test(link.hash) || link.closest(".back");
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
