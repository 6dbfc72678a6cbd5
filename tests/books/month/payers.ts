import type { Id } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { addMs, businessDateOf } from '../../../kernel/time.ts'
import type { PaymentId, RefundId } from '../../../modules/payments/index.ts'
import type { ChannelName } from './contracts.ts'
import type { Hub } from './hub.ts'

const PERSON = '0190b3a0-0000-7000-8000-000000000001' as Id<'Person'>
const PAYER = { name: 'person:test', requestId: null }
const PAYING_TAKES_MS = 20_000

export type Paid = {
  id: PaymentId
  billNo: string
  channel: ChannelName
  /** Our number at the channel. */
  no: string
  lines: readonly number[]
}

type Wish = {
  channel: ChannelName
  /** Of the bill, line by line. */
  lines: readonly number[]
  isInsured?: boolean
}

/** People who pay their bills, and are given money back. */
export function createPayers({ clock, newId, hospitalId, payments, parties, passUntil }: Hub) {
  let bills = 0

  /** Agrees to pay, and has not paid yet. */
  async function order({ channel, lines, isInsured = false }: Wish): Promise<Paid> {
    const billNo = `B${++bills}`
    const bill = parties.his.addBill(billNo, lines)
    const id = newId<'Payment'>()
    const wish = { hospitalId, personId: PERSON, paymentId: id, useAccount: isInsured }
    const sources = { insurance: isInsured }
    await payments.quote({ ...wish, bills: [bill], channel, sources }, PAYER)
    const totalFen = lines.reduce((sum, line) => sum + line, 0)
    const insuredFen = isInsured ? Math.trunc((totalFen * 60) / 100) : 0
    const consent = { payFen: fen(totalFen - insuredFen), presence: null }
    await payments.confirm(hospitalId, PERSON, id, consent, PAYER)
    return { id, billNo, channel, lines, no: parties.channelOf(channel).chargeNo(id) }
  }

  return {
    order,
    async pay(wish: Wish): Promise<Paid> {
      const paid = await order(wish)
      parties.channelOf(wish.channel).wallet.payAll()
      await passUntil(addMs(clock.now(), PAYING_TAKES_MS))
      return paid
    },
    /** Of some lines of its bill; of all without them. */
    async refund({ id, billNo }: Paid, lineNos: number[] = []): Promise<RefundId> {
      const ids = { id: newId<'Refund'>(), hospitalId, paymentId: id }
      const wish = { ...ids, billNo, lineNos, reason: '退药', requestNo: null }
      await payments.requestRefund(wish, PAYER)
      await passUntil(addMs(clock.now(), PAYING_TAKES_MS))
      return ids.id
    },
    today: () => businessDateOf(clock.now()),
  }
}

export type Payers = ReturnType<typeof createPayers>
