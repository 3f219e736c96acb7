// The palette's page in a dialog: letters narrow it, arrows walk it, Enter goes to the first or the chosen one.
import htmx from "htmx.org/dist/htmx.esm.js";

export function openPalette(): boolean {
  const dialog = document.getElementById("palette") as HTMLDialogElement | null;
  const from = document.querySelector<HTMLElement>("[data-from]")?.dataset.from;
  if (!dialog || !from) return false;
  void htmx.ajax("GET", from, { target: "#palette", swap: "innerHTML", headers: { "HX-Target": "dialog#palette" } }).then(() => {
    const close = Object.assign(document.createElement("button"), { type: "button", textContent: document.getElementById("words")?.dataset.close ?? "" });
    close.addEventListener("click", () => dialog.close());
    dialog.querySelector("form")?.append(close);
    if (!dialog.open) dialog.showModal();
    dialog.querySelector<HTMLInputElement>("#to")?.focus();
  });
  return true;
}

export function palette(): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-from]") : null;
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && openPalette()) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const inside = event.target instanceof Element ? event.target.closest(".palette") : null;
    if (!step || !inside) return;
    event.preventDefault();
    const stops = [...inside.querySelectorAll<HTMLElement>("#to, .offers a")];
    const at = stops.indexOf(event.target as HTMLElement);
    stops[Math.max(0, Math.min(stops.length - 1, at + step))]?.focus();
  });
}
