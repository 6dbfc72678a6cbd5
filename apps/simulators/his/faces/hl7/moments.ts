import { instantAt, isBusinessDate, toShanghaiText } from '../../../../../kernel/time.ts'

// Moments on the wire: 'yyyyMMddHHmmss' by the wall clock of Shanghai, which an offset of +0800 may follow.

export const stampOf = (instant: Date | string): string =>
  toShanghaiText(typeof instant === 'string' ? new Date(instant) : instant).replaceAll(/\D/g, '')

export const dayOf = (date: string): string => date.replaceAll('-', '')

/** Undefined for what is none. */
export function readStamp(text: string): Date | undefined {
  const match =
    /^(\d{4})(\d{2})(\d{2})((?:[01]\d|2[0-3])[0-5]\d[0-5]\d)(?:\.\d+)?(?:\+0800)?$/.exec(text)
  const [, year, month, day, time = ''] = match ?? []
  const date = `${year}-${month}-${day}`
  return isBusinessDate(date)
    ? instantAt(date, time.replace(/(..)(..)(..)/, '$1:$2:$3'))
    : undefined
}
