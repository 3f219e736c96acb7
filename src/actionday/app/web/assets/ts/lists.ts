// Rows of a list: one has the focus; what is open beside is marked.

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-row]")];
}

function current(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>("[data-row]") ?? null;
}

export function moveTo(step: number): boolean {
  const all = rows();
  const main = document.getElementById("main");
  if (!all.length || (document.activeElement?.closest("pre, .scroll pre") && main)) return false;
  const row = current() ?? document.querySelector<HTMLElement>('[data-row][aria-current="true"], [data-row]:target');
  const at = row ? all.indexOf(row) : step > 0 ? -1 : 0;
  const wanted = all[Math.max(0, Math.min(all.length - 1, at + step))];
  const link = wanted?.querySelector<HTMLElement>("a.to, a");
  link?.focus();
  wanted?.scrollIntoView({ block: "nearest" });
  return link !== undefined;
}

// Enter on a link is the browser's own act: only where the focus is on nothing is the open row meant.
export function openRow(): boolean {
  const focused = document.activeElement;
  if (focused && focused !== document.body && focused.id !== "main") return false;
  const row = document.querySelector<HTMLElement>('[data-row][aria-current="true"]');
  row?.querySelector<HTMLElement>("a.to")?.click();
  return row !== null;
}

export function fullPage(): boolean {
  const link = current()?.querySelector<HTMLElement>("a.to") ?? document.querySelector<HTMLElement>('[data-act="full"]');
  const address = link?.dataset.full ?? link?.getAttribute("href");
  if (address) location.assign(address);
  return Boolean(address);
}

export function copyCitation(): boolean {
  const cite = document.querySelector<HTMLElement>(".cite");
  if (!cite) return false;
  const link = new URL(cite.dataset.copy ?? "", location.href).href;
  void navigator.clipboard.writeText(`${link}\nSHA-256 ${cite.dataset.hash ?? ""}`).then(() => {
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    said.textContent = document.getElementById("words")?.dataset.copied ?? "";
    cite.after(said);
    setTimeout(() => said.remove(), 2000);
  });
  return true;
}

export function follow(): void {
  // The answer to a form that gives bytes is a file, no page: what was wrong before is no longer so.
  document.addEventListener("submit", (event) => {
    if (!(event.target instanceof HTMLFormElement) || event.target.dataset.gives === undefined) return;
    if (!document.getElementById("errors")) return;
    for (const said of document.querySelectorAll("#errors, .error")) said.remove();
    event.target.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
    document.title = document.title.replace(/^[^:]+: */, "");
  });
  // In what is scrolled sideways a browser leaves alone what it shows the least part of.
  document.addEventListener("focusin", (event) => {
    const focused = event.target instanceof Element && event.target.closest(".side, .scroll") !== event.target ? event.target : null;
    if (focused?.closest(".side, .scroll")) focused.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  // Closed beside the list: on from there, once the browser has gone to the row (which takes the focus away).
  window.addEventListener("load", () => requestAnimationFrame(() => document.querySelector<HTMLElement>("[data-row]:target a.to")?.focus()));
  document.addEventListener("click", (event) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-item]") : null;
    if (!row || !(event.target as Element).closest("a.to")) return;
    for (const one of document.querySelectorAll('[data-row][aria-current="true"]')) one.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    // where filters have no column of their own, list and item have the top of the page
    if (matchMedia("(max-width: 100rem)").matches) document.getElementById("facets")?.removeAttribute("open");
  });
}
