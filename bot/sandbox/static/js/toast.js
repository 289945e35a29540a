// A short word at the lower edge, also read aloud; it goes by itself.

import { fill, h, icon } from "./dom.js";

const STAYS_MS = 6000;

export function toast(text, kind = "failed") {
  const alerts = document.getElementById("alerts");
  fill(alerts, text);
  document.querySelector(".toast")?.remove();
  const node = h("div.toast", { "data-testid": "toast", "data-kind": kind }, icon(kind === "failed" ? "warn" : "check"), h("span", {}, text));
  document.getElementById("overlays").append(node);
  window.setTimeout(() => node.remove(), STAYS_MS);
}
