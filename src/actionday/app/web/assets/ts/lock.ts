// Hiding the case at once, in every tab of this browser, by the button, its key, or after a time without a hand.

const IDLE_MS = 15 * 60 * 1000;
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("actionday") : null;

export function lock(): boolean {
  const form = document.querySelector<HTMLFormElement>("#lock");
  form?.requestSubmit();
  return form !== null;
}

export function curtain(): void {
  let seen = Date.now();
  for (const hand of ["keydown", "pointerdown", "pointermove", "scroll", "wheel"]) {
    document.addEventListener(hand, () => { seen = Date.now(); }, { passive: true, capture: true });
  }
  const form = document.querySelector<HTMLFormElement>("#lock");
  form?.addEventListener("submit", () => {
    document.title = "Actionday";
    document.body.classList.add("blank");
    tabs?.postMessage("lock");
  });
  if (form) setInterval(() => { if (Date.now() - seen > IDLE_MS) lock(); }, 10_000);
  document.querySelector("[data-locked] form")?.addEventListener("submit", () => tabs?.postMessage("unlock"));
  tabs?.addEventListener("message", () => {
    document.body.classList.add("blank");
    setTimeout(() => location.reload(), 400); // the answer that sets the cookie comes first
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}
