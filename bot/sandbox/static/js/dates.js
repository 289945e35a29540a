// Slack's timestamps are seconds since the epoch; people see them in their browser's zone and their locale.

import { currentLocale, t } from "./i18n.js";

const format = (date, options) => new Intl.DateTimeFormat(currentLocale(), options).format(date);
const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

export const fromTs = (ts) => new Date(Number(ts) * 1000);
const parts = (date, options) => new Intl.DateTimeFormat(currentLocale(), options).formatToParts(date);
const twelve = () => Boolean(new Intl.DateTimeFormat(currentLocale(), { hour: "numeric" }).resolvedOptions().hour12);
export const clock = (date) => format(date, { hour: twelve() ? "numeric" : "2-digit", minute: "2-digit" });
// Without "PM": there is no room for it beside a message.
export const shortClock = (date) => parts(date, { hour: twelve() ? "numeric" : "2-digit", minute: "2-digit" })
  .filter((part) => part.type !== "dayPeriod").map((part) => part.value).join("").trim();
export const fullDate = (date) => format(date, { dateStyle: "full", timeStyle: "medium" });

function daysAgo(date) {
  return Math.round((midnight(new Date()) - midnight(date)) / 86_400_000);
}

function relative(date) {
  return { 0: t("today"), 1: t("yesterday") }[daysAgo(date)];
}

export function dayLabel(date) {
  const sameYear = date.getFullYear() === new Date().getFullYear();
  return relative(date) || format(date, {
    weekday: "long", day: "numeric", month: "long", year: sameYear ? undefined : "numeric",
  });
}

export const dayKey = (date) => midnight(date);

export function whenLabel(date) {
  return t("at", relative(date)?.toLowerCase() || format(date, { day: "numeric", month: "short" }), clock(date));
}

// The tokens of <!date^…>, as Slack's documentation lists them.
const TOKENS = {
  date_num: (d) => `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}`,
  date: (d) => format(d, { day: "numeric", month: "long", year: "numeric" }),
  date_short: (d) => format(d, { day: "numeric", month: "short", year: "numeric" }),
  date_long: (d) => format(d, { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
  date_slash: (d) => format(d, { day: "2-digit", month: "2-digit", year: "numeric" }),
  day_divider_pretty: (d) => dayLabel(d),
  time: (d) => clock(d),
  time_secs: (d) => format(d, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  ago: (d) => ago(d),
};
const pad = (n) => String(n).padStart(2, "0");

function ago(date) {
  const minutes = Math.round((date.getTime() - Date.now()) / 60_000);
  const words = new Intl.RelativeTimeFormat(currentLocale(), { numeric: "auto" });
  if (Math.abs(minutes) < 60) return words.format(minutes, "minute");
  if (Math.abs(minutes) < 1440) return words.format(Math.round(minutes / 60), "hour");
  return words.format(Math.round(minutes / 1440), "day");
}

export function slackDate(seconds, pattern, fallback) {
  const date = fromTs(seconds);
  if (Number.isNaN(date.getTime())) return fallback || pattern;
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => {
    const pretty = token.endsWith("_pretty") && token !== "day_divider_pretty";
    const name = pretty ? token.slice(0, -"_pretty".length) : token;
    if (!TOKENS[name]) return whole;
    return (pretty && relative(date)?.toLowerCase()) || TOKENS[name](date); // it stands within a sentence
  });
}
