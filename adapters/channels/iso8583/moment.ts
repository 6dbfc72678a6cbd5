import { addMs, businessDateOf, DAY_MS, instantAt, isBusinessDate } from '../../../kernel/time.ts'

/**
 * F13 (MMDD) and F12 (hhmmss) in Shanghai, in the year that brings them closest to `near`: at New Year the bank may
 * still be in the old one. Null for a moment that does not exist.
 */
export function momentOf(date: string, time: string, near: Date): Date | null {
  if (!/^\d{4}$/.test(date) || !/^([01]\d|2[0-3])[0-5]\d[0-5]\d$/.test(time)) return null
  const clock = time.replace(/^(..)(..)(..)$/, '$1:$2:$3')
  const candidates = [-180, 180].flatMap((days) => {
    const year = businessDateOf(addMs(near, days * DAY_MS)).slice(0, 4)
    const day = `${year}-${date.slice(0, 2)}-${date.slice(2)}`
    return isBusinessDate(day) ? [instantAt(day, clock)] : []
  })
  const distance = (at: Date) => Math.abs(at.getTime() - near.getTime())
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0] ?? null
}
