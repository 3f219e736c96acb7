// A picture is seen clear only while it is held; each look is fetched, and so logged.

export function guard(): void {
  let held: HTMLElement | null = null;
  const open = (figure: HTMLElement | null): void => {
    const picture = figure?.querySelector("img");
    if (!figure || !picture || held || !figure.dataset.clear) return;
    held = figure;
    // an address of its own each time: browsers show a picture of the same page again without asking for it
    picture.src = `${figure.dataset.clear}&look=${Date.now()}`;
    figure.classList.add("looking");
  };
  const shut = (): void => {
    const picture = held?.querySelector("img");
    if (held && picture) picture.src = held.dataset.shield ?? "";
    held?.classList.remove("looking");
    held = null;
  };
  const show = (): void => {
    for (const button of document.querySelectorAll<HTMLElement>(".shield .hold")) button.hidden = false;
  };
  const ofTarget = (event: Event): HTMLElement | null =>
    event.target instanceof Element ? (event.target.closest(".hold")?.closest<HTMLElement>(".shield") ?? null) : null;

  show();
  document.addEventListener("htmx:after:swap", show);
  document.addEventListener("pointerdown", (event) => open(ofTarget(event)));
  // at the window: the blur of a window that loses the focus is told there alone
  for (const end of ["pointerup", "pointercancel", "blur", "visibilitychange", "pagehide"]) window.addEventListener(end, shut, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.repeat) return;
    const field = event.target instanceof Element && event.target.closest("input, textarea, select, a, summary, button:not(.hold)");
    const figure = document.querySelector<HTMLElement>(".shield");
    if (field || !figure?.querySelector(".hold")) return;
    event.preventDefault();
    open(figure);
  });
  document.addEventListener("keyup", (event) => {
    if (event.key === " ") shut();
  });
}
