import { fen } from '../../../kernel/money.ts'
import { randomBelow } from '../../../kernel/random.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import type { HisDayRow } from '../../../modules/hospitals/index.ts'
import { INSURER, payDayOf } from './contracts.ts'
import type { Kind } from './deck.ts'
import { type ExpectedDifference, planted } from './planted.ts'
import type { Planter, PlantingDay } from './planting-day.ts'

// What the hospital's system, the insurer and the bank have otherwise than we.

export const HIS_PLANTERS = {
  /** It said that it had it. Told again, it has. */
  async his_lacks(day, { channel }) {
    day.his.script.loses = true
    const { line, paid } = await day.payOne(channel)
    day.his.script.loses = false
    const ourNo = `${tradeNoOf(day.hub.hospitalId, paid.id)}/${paid.billNo}`
    const found = his(day, 'ours_only', 'charge', ourNo, [line.amountFen, 0])
    return planted('his_lacks', day.date, { differences: [{ ...found, status: 'repaired' }] })
  },

  async his_only(day) {
    const [no, billNo] = [`Z${day.nextNo()}`, `ZB${day.nextNo()}`]
    const amountFen = fen(1_000 + randomBelow(day.random, 3_000))
    const at = day.hub.clock.now()
    day.editHis((rows) => [
      ...rows,
      {
        kind: 'payment',
        paymentNo: no,
        refundNo: null,
        billNo,
        receiptNo: `RC-${no}`,
        amountFen,
        at,
        tenders: [{ kind: 'self_pay', amountFen }],
      },
    ])
    const found = his(day, 'theirs_only', 'charge', `${no}/${billNo}`, [0, amountFen])
    return planted('his_only', day.date, ofHis(found, `line:his:charge:${no}/${billNo}`))
  },

  async his_amount(day, { channel }) {
    const { line, paid } = await day.payOne(channel)
    const theirsFen = fen(line.amountFen + day.someFen())
    day.editHis(changed(paid.billNo, { amountFen: theirsFen }))
    const ourNo = `${tradeNoOf(day.hub.hospitalId, paid.id)}/${paid.billNo}`
    const found = his(day, 'amount', 'charge', ourNo, [line.amountFen, theirsFen])
    return planted('his_amount', day.date, ofHis(found, `payment:${paid.id}`))
  },

  async his_duplicate(day, { channel }) {
    const { line, paid } = await day.payOne(channel)
    day.editHis((rows) => [...rows, ...rows.filter(({ billNo }) => billNo === paid.billNo)])
    const ourNo = `${tradeNoOf(day.hub.hospitalId, paid.id)}/${paid.billNo}`
    const found = his(day, 'duplicate', 'charge', ourNo, [0, line.amountFen])
    return planted('his_duplicate', day.date, ofHis(found, `payment:${paid.id}`))
  },

  async his_lacks_refund(day, { channel }) {
    const { paid, line } = await day.payOne(channel)
    day.his.script.loses = true
    const refundId = await day.payers.refund(paid)
    day.his.script.loses = false
    const ourNo = tradeNoOf(day.hub.hospitalId, refundId)
    const found = his(day, 'ours_only', 'return', ourNo, [line.amountFen, 0])
    return planted('his_lacks_refund', day.date, {
      differences: [{ ...found, status: 'repaired' }],
    })
  },

  async his_refund_denied(day, { channel }) {
    const { paymentId, refundId, amountFen } = await day.refundOne(channel)
    const refundNo = tradeNoOf(day.hub.hospitalId, refundId)
    day.editHis((rows) => rows.filter((row) => row.refundNo !== refundNo))
    const found = his(day, 'ours_only', 'return', refundNo, [amountFen, 0])
    return planted('his_refund_denied', day.date, ofHis(found, `payment:${paymentId}`))
  },
} satisfies Partial<Record<Kind, Planter>>

export const INSURER_PLANTERS = {
  async insurer_amount(day, { channel }) {
    const { paymentId } = await day.payOne(channel, true)
    const no = day.insurer.chargeNo(paymentId)
    const oursFen = day.insurer.amountOf(no)
    const theirsFen = fen(oursFen + day.someFen())
    day.insurer.setAmount(no, theirsFen)
    const found = insurers(day, 'amount', no, [oursFen, theirsFen])
    return planted('insurer_amount', day.date, {
      differences: [{ ...found, status: 'explained' }],
      cases: [caseOf(found, `payment:${paymentId}`, 'adjusted')],
    })
  },

  /** It settled under a number that nobody else knows, and voids it when asked to. */
  async insurer_only(day) {
    const ourNo = `H37020000001${day.date.replaceAll('-', '')}8${String(day.nextNo()).padStart(8, '0')}`
    const amountFen = fen(1_000 + randomBelow(day.random, 3_000))
    const line = { kind: 'charge' as const, providerNo: `S${ourNo}`, at: day.hub.clock.now() }
    day.insurer.script.strangers.push({ ...line, ourNo, amountFen })
    const found = insurers(day, 'theirs_only', ourNo, [0, amountFen])
    return planted('insurer_only', day.date, { differences: [{ ...found, status: 'repaired' }] })
  },

  async insurer_lacks(day, { channel }) {
    const { paymentId } = await day.payOne(channel, true)
    const no = day.insurer.chargeNo(paymentId)
    const oursFen = day.insurer.amountOf(no)
    day.insurer.forget(no)
    const found = insurers(day, 'ours_only', no, [oursFen, 0])
    return planted('insurer_lacks', day.date, {
      differences: [{ ...found, status: 'explained' }],
      cases: [caseOf(found, `payment:${paymentId}`, 'adjusted')],
    })
  },
} satisfies Partial<Record<Kind, Planter>>

export const BANK_PLANTERS = {
  async payout_short(day, { provider }) {
    const missingFen = 100 + randomBelow(day.random, 900)
    day.payOutLess(provider, missingFen)
    const batch = { provider, date: day.date, status: 'short' as const, missingFen }
    return planted('payout_short', day.date, { batches: [batch] })
  },

  async payout_missing(day, { provider }) {
    day.payOutLess(provider, 'all')
    const batch = { provider, date: day.date, status: 'late' as const, missingFen: 0 }
    return planted('payout_missing', day.date, { batches: [batch] })
  },

  async receipt_unknown(day) {
    const ref = `U${day.nextNo()}`
    const amountFen = fen(5_000 + randomBelow(day.random, 90_000))
    day.bank.put(day.date, { ref, amountFen, payer: '某某贸易公司', memo: '往来款' })
    return planted('receipt_unknown', day.date, {
      unexplained: [{ ref, amountFen, bookedOn: day.date }],
    })
  },

  /** The same payout once more on the same day, under a number of its own. */
  async receipt_twice(day, { provider }) {
    day.payOutTwice(provider)
    return planted('receipt_twice', day.date, {
      unexplained: [
        {
          ref: `${day.payouts.refOf(provider, day.date)}-2`,
          amountFen: OF_THE_PAYOUT,
          bookedOn: payDayOf(provider, day.date),
        },
      ],
    })
  },
} satisfies Partial<Record<Kind, Planter>>

/** Filled in when the payout is made. */
export const OF_THE_PAYOUT = -1

const changed =
  (billNo: string, change: Partial<HisDayRow>) =>
  (rows: HisDayRow[]): HisDayRow[] =>
    rows.map((row) => (row.billNo === billNo ? { ...row, ...change } : row))

type Found = Omit<ExpectedDifference, 'status'>

const his = (
  { date }: PlantingDay,
  cls: string,
  kind: 'charge' | 'return',
  ourNo: string,
  [oursFen, theirsFen]: [number, number],
): Found => ({ date, source: 'his', class: cls, kind, ourNo, oursFen, theirsFen })

const insurers = (
  { date }: PlantingDay,
  cls: string,
  ourNo: string,
  [oursFen, theirsFen]: [number, number],
): Found => ({ date, source: INSURER.name, class: cls, kind: 'charge', ourNo, oursFen, theirsFen })

const ofHis = (found: Found, subject: string) => ({
  differences: [{ ...found, status: 'explained' as const }],
  cases: [caseOf(found, subject, 'corrected_by_hospital')],
})

const caseOf = (found: Found, subject: string, resolution: string) => ({
  date: found.date,
  source: found.source,
  class: found.class,
  subject,
  amountFen: Math.abs(found.oursFen - found.theirsFen),
  resolution,
})
