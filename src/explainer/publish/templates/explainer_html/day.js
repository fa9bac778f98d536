/* The day: what came later steps back. A part of the page's one script, in front of `page.js`, whose helpers it uses. */

function dayTool() {
  const article = one("article");
  const { first, asOf } = article.dataset;
  const [low, high] = [number(first), number(asOf)];
  const room = one(".day-room");
  if (!(low < high)) { room.remove(); return; }
  const title = _("See this page as of an earlier day");
  const range = make("input", { type: "range", min: low, max: high, value: high, ariaLabel: title });
  const field = make("input", { type: "date", min: first, max: asOf, value: asOf });
  const back = () => make("button", { type: "button", hidden: true }, _("Show the edition of {0}", words(asOf)));
  const [button, second] = [back(), back()];
  const banner = make("div", { class: "banner" }, make("p", { role: "status" }), second);
  const form = make("form", { class: "tool day", ariaLabel: title },
    make("label", {}, make("span", {}, _("Day")), field), range, button);
  form.addEventListener("submit", (event) => event.preventDefault());
  const details = make("details", { class: "earlier-day" }, make("summary", {}, title), form);
  room.append(details);
  article.before(banner);
  const put = async (day) => {
    [range.value, field.value] = [number(day), day];
    range.setAttribute("aria-valuetext", words(day));
    const away = day === asOf;
    for (const one of [button, second]) one.hidden = away;
    banner.classList.toggle("on", !away);
    const counts = await setDay(day, asOf);
    one("p", banner).textContent = away
      ? _("You see the edition of {0}.", words(asOf))
      : _("You see this page as of {0}. Hidden because they came later: {1} table rows and {2} paragraphs or exhibits.", words(day), ...counts) + " " +
        _("Drawings, titles of exhibits and the tables marked so are still those of {0}.", words(asOf));
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
  for (const [place, how, since, until, html, rank, was] of await parcel()) {
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
  const holders = new Set(all('main table a[href^="#s_"]').map((a) => a.parentElement));
  for (const holder of holders) {
    const links = all('a[href^="#s_"]', holder);
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
    matrix ? _("As of {0}: positions known by then.", words(day))
    : dated ? _("As of {0}: {1} of these {2} rows.", words(day), shown, rows.length)
    : _("Not set back: this is as of {0}.", words(asOf));
  figure.hidden = dated && shown === 0;
}
