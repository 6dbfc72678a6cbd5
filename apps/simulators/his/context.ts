import { businessDateOf, type Clock } from '../../../kernel/time.ts'
import { nextCount } from './memory.ts'
import { hospitalDigits, type Registry } from './registry.ts'
import type { Store } from './store.ts'

/** What every part of the HIS works with. */
export type His = { clock: Clock; store: Store; registry: Registry }

/** The letters are those of the Chinese words. */
const PREFIX_OF = {
  visit: 'MZ', // 门诊
  bill: 'ZD', // 账单
  receipt: 'SJ', // 收据
  redReceipt: 'HC', // 红冲
  approval: 'TF', // 退费
  refundRequest: 'TQ', // 退费申请
  registration: 'GH', // 挂号
  lock: 'SH', // 锁号
  stay: 'ZY', // 住院
  stayReceipt: 'YJ', // 押金
} as const

/**
 * The next number of its kind, counted by itself in each hospital and day, without chance.
 *
 * Shape: 'ZD0120261121000001', the kind, the hospital, the day and the place in it.
 */
export function nextNumber({ clock, store, registry }: His, kind: keyof typeof PREFIX_OF): string {
  const day = businessDateOf(clock.now()).replaceAll('-', '')
  const start = `${PREFIX_OF[kind]}${hospitalDigits(registry.hospital)}${day}`
  return start + String(nextCount(store, `number ${start}`)).padStart(COUNT_DIGITS, '0')
}

/** The place in its day of a number that nextNumber gave, whatever value of a sandbox stands behind it. */
export const placeOf = (number: string): number =>
  Number(number.replace(/-.*$/, '').slice(-COUNT_DIGITS))

const COUNT_DIGITS = 6
