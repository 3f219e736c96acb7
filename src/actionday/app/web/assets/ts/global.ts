// The extensions look for htmx on the window; this module comes before them.
import htmx from "htmx.org/dist/htmx.esm.js";

(window as unknown as { htmx: unknown }).htmx = htmx;
