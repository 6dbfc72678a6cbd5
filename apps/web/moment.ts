import { businessDateOf, toShanghaiText } from '../../kernel/time.ts'

/**
 * How a moment is written: "moment" 11月21日 周六 07:00 · "day" 11月21日 周六 · "time" 07:00 · "exact"
 * 2026-11-21 07:00:03 · "date" 2026-11-21.
 */
export type MomentForm = 'moment' | 'day' | 'time' | 'exact' | 'date'

/** An instant in words, on the wall clock of Shanghai wherever the browser is. */
export function momentText(at: string | Date, form: MomentForm, language: string): string {
  const instant = typeof at === 'string' ? new Date(at) : at
  const exact = toShanghaiText(instant)
  switch (form) {
    case 'exact':
      return exact
    case 'date':
      return exact.slice(0, 10)
    case 'time':
      return exact.slice(11, 16)
    case 'day':
      return dayText(instant, language)
    case 'moment':
      return `${dayText(instant, language)} ${exact.slice(11, 16)}`
  }
}

function dayText(instant: Date, language: string): string {
  const day = formatterOf(language, {
    month: language === 'en' ? 'short' : 'long',
    day: 'numeric',
  }).format(instant)
  const weekday = formatterOf(language, { weekday: 'short' }).format(instant)
  // The year goes without saying, unless it is another.
  const year = businessDateOf(instant).slice(0, 4)
  const isThisYear = year === businessDateOf(new Date()).slice(0, 4)
  if (language === 'en') return `${weekday} ${day}${isThisYear ? '' : `, ${year}`}`
  return `${isThisYear ? '' : `${year}年`}${day} ${weekday}`
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`
  const known = formatters.get(key)
  if (known) return known
  const locale = language === 'en' ? 'en-GB' : language
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'Asia/Shanghai' })
  formatters.set(key, made)
  return made
}
