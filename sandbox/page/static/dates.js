// Slack's `<!date^…>` tokens in the reader's own time zone and clock (page "formatting message text").

const DAY_MS = 86_400_000;
const HALF_YEAR_MS = 182 * DAY_MS;
const PIECES = {
  date_num: (moment) => [moment.getFullYear(), pad(moment.getMonth() + 1), pad(moment.getDate())].join("-"),
  date_slash: (moment) => [pad(moment.getMonth() + 1), pad(moment.getDate()), moment.getFullYear()].join("/"),
  date: (moment, now) => `${part(moment, { month: "long" })} ${ordinal(moment)}${year(moment, now)}`,
  date_short: (moment, now) => `${part(moment, { month: "short" })} ${moment.getDate()}${year(moment, now)}`,
  date_long: (moment) => `${part(moment, { weekday: "long" })}, ${longDate(moment)}`,
  date_long_full: (moment) => `${part(moment, { month: "long" })} ${moment.getDate()}, ${moment.getFullYear()}`,
  date_pretty: (moment, now) => nearDay(moment, now) || PIECES.date(moment, now),
  date_short_pretty: (moment, now) => nearDay(moment, now) || PIECES.date_short(moment, now),
  date_long_pretty: (moment, now) => nearDay(moment, now) || PIECES.date_long(moment, now),
  day_divider_pretty: (moment, now) => nearDay(moment, now) || divider(moment, now),
  time: (moment) => clock(moment, { hour: "numeric", minute: "2-digit" }),
  time_secs: (moment) => clock(moment, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago: (moment, now) => ago((moment - now) / 1000),
};

/** A format such as "{date_short_pretty} at {time}" for a moment in Unix seconds; null where it can't be drawn. */
export function slackDate(seconds, format, now = new Date()) {
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) return null;
  const text = format.replace(/\{(\w+)\}/g, (token, name) => (Object.hasOwn(PIECES, name) ? PIECES[name](moment, now) : token));
  // "today" at the very beginning is a sentence's first word.
  return /^\{\w+_pretty\}/.test(format) ? text[0].toUpperCase() + text.slice(1) : text;
}

/** The moment in full, for a title: "Monday, November 23rd, 2026 at 5:31:52 PM". */
export function inFull(seconds) {
  return slackDate(seconds, "{date_long} at {time_secs}") || "";
}

function pad(number) {
  return String(number).padStart(2, "0");
}

function part(moment, wanted) {
  return moment.toLocaleDateString("en-US", wanted);
}

function clock(moment, wanted) {
  return moment.toLocaleTimeString(navigator.language, wanted).replace(/\u202f/g, "\u00a0");
}

function ordinal(moment) {
  const day = moment.getDate();
  const ending = day % 100 > 10 && day % 100 < 14 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[day % 10] || "th";
  return `${day}${ending}`;
}

function longDate(moment) {
  return `${part(moment, { month: "long" })} ${ordinal(moment)}, ${moment.getFullYear()}`;
}

// Slack leaves the year out where it goes without saying.
function year(moment, now) {
  return Math.abs(moment - now) < HALF_YEAR_MS ? "" : `, ${moment.getFullYear()}`;
}

function divider(moment, now) {
  const long = PIECES.date_long(moment);
  return moment.getFullYear() === now.getFullYear() ? long.replace(/, \d+$/, "") : long;
}

function nearDay(moment, now) {
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
  const days = Math.round((midnight(moment) - midnight(now)) / DAY_MS);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] || "";
}

function ago(seconds) {
  const sizes = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = sizes.find(([, least]) => Math.abs(seconds) >= least) || sizes.at(-1);
  return new Intl.RelativeTimeFormat("en-US", { numeric: "always" }).format(Math.trunc(seconds / size) || -0, unit);
}
