// Where the person is: the address bar and the store say the same, so that a window can be shared or reloaded.

import { changed, dmChannel, store } from "./store.js";
import { connectAs, perform, refreshMessages } from "./sync.js";

function writeAddress(push) {
  const url = new URL(location.href);
  url.searchParams.set("as", store.me);
  url.searchParams.set("channel", store.place.kind === "conversation" ? store.place.channel : store.place.kind);
  if (url.href !== location.href) history[push ? "pushState" : "replaceState"](null, "", url);
}

export function placeFromAddress() {
  const channel = new URLSearchParams(location.search).get("channel") || "";
  return channel === "home" || channel === "about" ? { kind: channel } : { kind: "conversation", channel };
}

export function goTo(place, { push = true } = {}) {
  const same = place.kind === store.place.kind && place.channel === store.place.channel;
  if (!same) {
    store.place = place;
    store.thread = null;
    store.messagesOf = "";
    store.newFrom = null;
  }
  writeAddress(push && !same);
  changed("place");
  if (place.kind === "conversation") refreshMessages();
  if (place.kind === "home") perform("open_home", {});
}

export const openChannel = (channel) => goTo({ kind: "conversation", channel });
export const openDm = () => dmChannel() && openChannel(dmChannel().id);
export const openHome = () => goTo({ kind: "home" });

export function openThread(ts) {
  store.thread = ts;
  changed("thread");
}

// Stays in a channel both people see; otherwise the new person's DM with the app comes up.
export async function becomePerson(id, { push = true } = {}) {
  const before = store.place;
  await connectAs(id);
  if (store.me !== id) return;
  writeAddress(push);
  changed("person", "place");
  if (before.kind === "home") perform("open_home", {});
}

// A link an app may hand out: slack://app?team=…&id=…&tab=messages stays in the page.
export function followUrl(url) {
  if (url.startsWith("slack://")) {
    const params = new URLSearchParams(url.split("?")[1] || "");
    if (params.get("tab") === "home") openHome();
    else if (url.startsWith("slack://channel") && params.get("id")) openChannel(params.get("id"));
    else openDm();
    return;
  }
  if (/^(https?:|mailto:)/i.test(url)) window.open(url, "_blank", "noopener,noreferrer");
}

export function followAddress() {
  window.addEventListener("popstate", () => {
    const as = new URLSearchParams(location.search).get("as") || store.me;
    const place = placeFromAddress();
    if (place.kind === "conversation" && !place.channel) place.channel = dmChannel()?.id || "";
    if (as === store.me) return goTo(place, { push: false });
    store.place = place;
    return becomePerson(as, { push: false });
  });
}
