import { useEffect } from "preact/hooks";
import { locale } from "../../i18n/language";

/** The page the quick exit leads to: a calendar month, and not a word about anything else. */
export function Quiet() {
  const today = new Date();
  const tag = locale.value;
  const year = today.getFullYear();
  const month = today.getMonth();
  const days = new Date(year, month + 1, 0).getDate();
  const before = (new Date(year, month, 1).getDay() + 6) % 7;
  const cells = Array.from({ length: Math.ceil((before + days) / 7) * 7 }, (_, at) => at - before + 1);
  const weekday = new Intl.DateTimeFormat(tag, { weekday: "short" });
  const number = new Intl.NumberFormat(tag);
  // 1 January 2024 was a Monday.
  const names = Array.from({ length: 7 }, (_, at) => weekday.format(new Date(2024, 0, 1 + at)));
  const weeks = Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
  const title = new Intl.DateTimeFormat(tag, { month: "long", year: "numeric" }).format(today);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <main class="calendar">
      <h1>{title}</h1>
      <table>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day} aria-current={day === today.getDate() ? "date" : undefined}>
                  {day >= 1 && day <= days ? number.format(day) : ""}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </main>
  );
}
