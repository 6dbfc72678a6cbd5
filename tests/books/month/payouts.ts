import { type Fen, fen } from '../../../kernel/money.ts'
import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import type { BankBook } from './bank-book.ts'
import { feesOf, netOf } from './channel-book.ts'
import { CHANNELS, INSURER, payDayOf } from './contracts.ts'
import type { Hub } from './hub.ts'

export type Payouts = ReturnType<typeof createPayouts>

/** Each provider pays out each date by its own list and contract, into the hospital's account. */
export function createPayouts({ parties }: Hub, bank: BankBook, firstDate: BusinessDate) {
  const less = new Map<string, number | 'all'>()
  const twice = new Set<string>()
  const secondFen = new Map<string, Fen>()
  const key = (provider: string, date: BusinessDate) => `${provider} ${date}`

  /** The bank's number of a payout. */
  const refOf = (provider: string, date: BusinessDate) =>
    `${provider}-${date}-${payDayOf(provider, date)}`

  /** What a provider owes for a date by its own books, and the fee it takes. */
  async function owed(provider: string, date: BusinessDate) {
    if (provider === INSURER.name) {
      const netFen = parties.insurer.netFen(date)
      return { netFen, feeFen: fen(0), payoutFen: netFen }
    }
    const lines = await parties.channelOf(provider as 'wechat').finalLines(date)
    const [netFen, feeFen] = [netOf(lines), feesOf(lines)]
    return { netFen, feeFen, payoutFen: fen(netFen - feeFen) }
  }

  async function payOut(provider: string, payer: string, date: BusinessDate): Promise<void> {
    const { payoutFen } = await owed(provider, date)
    const held = less.get(key(provider, date)) ?? 0
    if (payoutFen < 0) throw new Error(`${provider} would take back on ${date}`)
    const amountFen = fen(held === 'all' ? 0 : payoutFen - held)
    if (amountFen === 0) return
    const payDay = payDayOf(provider, date)
    const ref = refOf(provider, date)
    bank.put(payDay, { ref, amountFen, payer, memo: '结算款' })
    if (!twice.has(key(provider, date))) return
    bank.put(payDay, { ref: `${ref}-2`, amountFen, payer, memo: '结算款' })
    secondFen.set(`${ref}-2`, amountFen)
  }

  return {
    owed,
    refOf,
    /** Puts on the bank's books whatever is paid out on a day. */
    async payOn(payDay: BusinessDate): Promise<void> {
      for (const { name, payer } of [...CHANNELS, INSURER]) {
        for (let date = addDays(payDay, -14); date < payDay; date = addDays(date, 1)) {
          if (date >= firstDate && payDayOf(name, date) === payDay) await payOut(name, payer, date)
        }
      }
    },
    less: (provider: string, date: BusinessDate, by: number | 'all') =>
      void less.set(key(provider, date), by),
    twice: (provider: string, date: BusinessDate) => void twice.add(key(provider, date)),
    /** What came a second time, by the bank's number. */
    secondFen: (ref: string): Fen => secondFen.get(ref) ?? fen(0),
  }
}
