// The demonstration's bar: who can do what, stories to look at, values to paste, the bot's clock. Without one it is empty.

import { demo, demoAct } from "./api.js";
import { fill, h, icon, spinner } from "./dom.js";
import { currentLocale, errorText, t } from "./i18n.js";
import { becomePerson, openDm } from "./navigate.js";
import { confirmDialog, menu } from "./popover.js";
import { person, store } from "./store.js";
import { toast } from "./toast.js";

let offers = null;
let playing = ""; // the label of the story that is played

const said = () => offers[currentLocale().toLowerCase().startsWith("de") ? "de" : "en"];

// `insert` puts a text into the composer.
export function practiceBar(insert) {
  const node = h("div.practice", { role: "toolbar", hidden: true, "data-testid": "practice" });

  const button = (name, label, rows, spoken = label) => h("button.practice-button", {
    type: "button", "data-testid": `practice-${name}`, "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": spoken, disabled: Boolean(playing),
    onClick: (event) => menu(event.currentTarget, rows(), spoken),
  }, icon({ who: "info", play: "play", samples: "key", clock: "clock" }[name], 16), h("span", {}, label));

  const who = () => Object.entries(said().people).filter(([id]) => person(id)).map(([id, does]) => ({
    label: person(id).name, description: does, value: id, run: () => id !== store.me && becomePerson(id),
  }));
  const plays = () => said().plays.map(({ name, label }) => ({ label, value: name, run: () => play(name, label) }));
  const samples = () => said().samples.map(({ label, value }) => ({
    label, description: value, value,
    run: () => {
      if (store.place.kind !== "conversation") openDm();
      navigator.clipboard?.writeText(value).catch(() => {});
      insert(value);
      toast(t("pasted"), "done");
    },
  }));
  const clock = () => said().clock.map(({ to, label }, at) => ({
    label, value: to, description: at === 0 && said().say.clock_hint, run: () => move(to),
  }));

  function now() {
    const days = offers.ahead >= 3600 ? { day: "numeric", month: "short" } : {};
    const format = { weekday: "short", hour: "2-digit", minute: "2-digit", timeZone: offers.zone, ...days };
    return new Intl.DateTimeFormat(currentLocale(), format).format(Date.now() + 1000 * offers.ahead);
  }

  async function play(name, label) {
    const { say, merchant } = said();
    if (!(await confirmDialog({ title: say.play_title, text: `${label}. ${say.play_text}`, yes: say.play_yes, no: t("cancel") }))) return;
    const language = said() === offers.de ? "de" : "en";
    playing = label;
    render();
    if (store.me !== merchant) await becomePerson(merchant);
    openDm();
    const answer = await demoAct({ play: name, language });
    playing = "";
    await load();
    toast(answer.ok ? say.played : say[answer.error] || errorText(answer.error), answer.ok && "done");
  }

  async function move(to) {
    const answer = await demoAct({ clock: to });
    if (answer.ok) Object.assign(offers, { ahead: answer.ahead });
    else toast(errorText(answer.error));
    render();
  }

  function render() {
    node.hidden = !offers;
    if (!offers) return;
    const focused = node.contains(document.activeElement) ? document.activeElement.dataset.testid : "";
    node.setAttribute("aria-label", t("practice"));
    fill(node,
      button("who", t("who"), who), button("play", t("play"), plays), button("samples", t("samples"), samples),
      button("clock", now(), clock, `${t("botTime")}: ${now()}`),
      playing && h("span.practice-note", { role: "status" }, spinner(t("loading")), t("playing", playing)));
    if (focused) node.querySelector(`[data-testid="${focused}"]`)?.focus();
  }

  async function load() {
    const answer = await demo().catch(() => null);
    offers = answer?.ok ? answer : null;
    render();
  }

  window.setInterval(() => offers && !node.querySelector("[aria-expanded=true]") && render(), 20000);
  return { node, render, load };
}
