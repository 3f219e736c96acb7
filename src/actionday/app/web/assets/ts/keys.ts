// Keys by the table that the server sends (keys.py): outside of fields only, none with Ctrl, Alt or Meta.
import htmx from "htmx.org/dist/htmx.esm.js";
import { lock } from "./lock";
import { openPalette } from "./palette";
import { copyCitation, fullPage, moveTo, openRow } from "./lists";

interface Key { scope: string; keys: string; act: string }

const FIELDS = "input, textarea, select, [contenteditable]";
const SEQUENCE_MS = 1200;

export function listen(): void {
  const table = read();
  let before = "";
  let since = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    // the field of a dialog that was just closed keeps the focus until the next picture is drawn
    const inField =
      event.target instanceof Element && event.target.closest(FIELDS) !== null && event.target.closest("dialog:not([open])") === null;
    const pressed = named(event);
    if (inField && pressed !== "Escape") return;
    if (document.querySelector("dialog[open]")) return; // its own keys, and the browser closes it
    const sequence = event.timeStamp - since < SEQUENCE_MS ? `${before} ${pressed}` : "";
    const key = table.find((one) => one.keys === sequence) ?? table.find((one) => one.keys === pressed);
    before = pressed;
    since = event.timeStamp;
    if (key && act(key.act, inField)) event.preventDefault();
  });
}

// By letter; by physical key where the layout is not Latin.
function named(event: KeyboardEvent): string {
  if (event.key.length === 1 && event.key.charCodeAt(0) > 127 && event.code.startsWith("Key")) {
    return event.code.slice(3).toLowerCase();
  }
  return event.key === " " ? "Space" : event.key;
}

function read(): Key[] {
  const element = document.getElementById("key-table");
  return element ? (JSON.parse(element.textContent ?? "[]") as Key[]) : [];
}

function act(name: string, inField: boolean): boolean {
  if (name.startsWith("go:")) return press(`[data-go="${name.slice(3)}"]`);
  switch (name) {
    case "keys": return sheet();
    case "palette": return openPalette();
    case "lock": return lock();
    case "find": return focus("#find");
    case "up": return press('[data-act="up"]');
    case "close": return close(inField);
    case "next": return moveTo(1);
    case "previous": return moveTo(-1);
    case "first": return moveTo(-Infinity);
    case "last": return moveTo(Infinity);
    case "open": return openRow();
    case "full": return fullPage();
    case "page-next": return press('[data-act="page-next"]');
    case "page-previous": return press('[data-act="page-previous"]');
    case "view": return nextView();
    case "copy": return copyCitation();
    default: return false;
  }
}

function press(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  element?.click();
  return element !== null;
}

function focus(selector: string): boolean {
  const element = document.querySelector<HTMLInputElement>(selector);
  element?.focus();
  element?.select();
  return element !== null;
}

function close(inField: boolean): boolean {
  if (inField) {
    (document.activeElement as HTMLElement | null)?.blur();
    document.getElementById("main")?.focus();
    return true;
  }
  return press('[data-act="close"]');
}

function nextView(): boolean {
  const tabs = [...document.querySelectorAll<HTMLElement>(".tabs a")];
  const at = tabs.findIndex((tab) => tab.hasAttribute("aria-current"));
  tabs[(at + 1) % tabs.length]?.click();
  return tabs.length > 0;
}

// The help page's own list of keys, in a dialog over the page.
function sheet(): boolean {
  const dialog = document.getElementById("keys") as HTMLDialogElement | null;
  if (!dialog) return false;
  void htmx.ajax("GET", "/help", { target: "#keys", swap: "innerHTML", headers: { "HX-Target": "dialog#keys" } }).then(() => {
    const button = document.createElement("button");
    button.textContent = document.getElementById("words")?.dataset.close ?? "Close";
    button.addEventListener("click", () => dialog.close());
    dialog.append(button);
    dialog.setAttribute("autofocus", ""); // not its button: that is at the end, and would be scrolled to
    dialog.showModal();
    dialog.scrollTop = 0;
  });
  return true;
}
