// Everything the pages do with a script; each works without it too.
import "./global";
import "htmx.org/dist/ext/hx-csp.js";
import "htmx.org/dist/ext/hx-sse.js";
import { listen } from "./keys";
import { guard } from "./shield";
import { follow } from "./lists";
import { curtain } from "./lock";
import { palette } from "./palette";

listen();
guard();
follow();
curtain();
palette();
