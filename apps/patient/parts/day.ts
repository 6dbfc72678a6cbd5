import { momentText } from '../../web/moment.ts'

/** A day without a time, such as the one by which to repay: '2026-12-21' is 12月21日 周一. */
export const dayText = (day: string, language: string): string =>
  momentText(`${day}T00:00:00+08:00`, 'day', language)
