import { isBusinessDate, toShanghaiIso } from '../../../../../kernel/time.ts'
import type { His } from '../../context.ts'
import { readInstant } from '../../instants.ts'
import { remember, repeatedAnswer } from '../../memory.ts'
import { type Answer, done, refusal, type TenderKind } from '../../protocol.ts'
import {
  payDeposit,
  preSettleStay,
  refundDeposit,
  settleStay,
  stayReceipts,
} from '../../stay-money.ts'
import { answerDailyList, answerStays, findStay, type Stay, type StayItem } from '../../stays.ts'
import { inWords, told } from './visit-codes.ts'

// §2.2 of docs/interface/hospital-standard.md: the stay as an inpatient.

export const getStay = (his: His, { patientNo }: { patientNo: string }): Answer =>
  told(answerStays(his, { patientNo }), ({ stays }: { stays: Stay[] }) => {
    const stay = stays.find(({ status }) => status !== 'discharged')
    return { stay: stay ? stayView(stay) : null }
  })

type DailyList = { stayNo: string; businessDate: string }

export function dailyList(his: His, { stayNo, businessDate }: DailyList): Answer {
  if (!isBusinessDate(businessDate)) {
    return refusal('INVALID_REQUEST', 'businessDate is not a day of the calendar')
  }
  const answer = answerDailyList(his, { stayNo, date: businessDate })
  return told(answer, ({ items, totalFen }: { items: StayItem[]; totalFen: number }) => ({
    stayNo,
    businessDate,
    lines: items.map(({ spec: _spec, chargeCategory: _category, ...item }, i) => ({
      lineNo: i + 1,
      ...item,
    })),
    totalFen,
  }))
}

type Tenders = { kind: TenderKind; amountFen: number; tradeNo: string }[]

type PayDeposit = {
  depositNo: string
  stayNo: string
  amountFen: number
  paidAt: string
  tenders: Tenders
}

export function takeDeposit(his: His, body: PayDeposit, lie: boolean): Answer {
  const { depositNo, stayNo, amountFen, tenders } = body
  const repeated = repeatedAnswer(his.store, 'stays.payDeposit', depositNo, body)
  if (repeated) return repeated
  const paidAt = readInstant(body.paidAt)
  if (!paidAt) return refusal('INVALID_REQUEST', 'paidAt is not an instant with its offset')
  if (sumOf(tenders) !== BigInt(amountFen)) {
    return refusal('AMOUNT_MISMATCH', 'the tenders do not add up to the deposit')
  }
  const tradeNo = tenders[0]?.tradeNo ?? depositNo
  const paid = payDeposit(his, { paymentNo: depositNo, stayNo, amountFen, paidAt, tradeNo }, lie)
  if (paid.code !== 'OK') return inWords(paid)
  const { receiptNo } = paid.data as { receiptNo: string }
  const depositFen = findStay(his, stayNo)?.depositFen ?? amountFen
  const answer = done({ receiptNo, depositFen })
  return lie ? answer : remember(his.store, 'stays.payDeposit', depositNo, body, answer)
}

export const preSettle = (his: His, { stayNo }: { stayNo: string }): Answer =>
  told(preSettleStay(his, { stayNo, interim: true }), (settled: PreSettled) => ({
    totalFen: settled.totalFen,
    depositFen: settled.depositFen,
    pooledFen: settled.pooledFen,
    accountFen: settled.accountFen,
    otherFen: 0,
    toPayFen: settled.payableFen,
    toReturnFen: settled.refundableFen,
  }))

type PreSettled = {
  totalFen: number
  depositFen: number
  pooledFen: number
  accountFen: number
  payableFen: number
  refundableFen: number
}

type Discharge = {
  settlementNo: string
  stayNo: string
  totalFen: number
  settledAt: string
  tenders: Tenders
  returnedFen: number
  insuranceSettlementNo: string | null
}

/** The deposits pay first; of other sources than the insurance, the hospital asks only that they pay the rest. */
export function discharge(his: His, body: Discharge, lie: boolean): Answer {
  const { settlementNo, stayNo, totalFen, tenders, returnedFen } = body
  const repeated = repeatedAnswer(his.store, 'stays.discharge', settlementNo, body)
  if (repeated) return repeated
  const settledAt = readInstant(body.settledAt)
  if (!settledAt) return refusal('INVALID_REQUEST', 'settledAt is not an instant with its offset')
  const stay = findStay(his, stayNo)
  if (!stay) return refusal('STAY_NOT_FOUND', 'no stay has this number')
  if (stay.status === 'leaving' && stay.costFen !== totalFen) {
    const now = { version: 1, totalFen: stay.costFen }
    return refusal('BILL_CHANGED', `the stay has cost ${stay.costFen} fen`, now)
  }
  const depositUsedFen = partOf(tenders, ['deposit'])
  const isWhole = sumOf(tenders) === BigInt(totalFen)
  if (!isWhole || depositUsedFen + returnedFen !== stay.depositFen) {
    return refusal('AMOUNT_MISMATCH', 'tenders add up to the total, and deposits to their own')
  }
  const pooledFen = partOf(tenders, ['pooled'])
  const accountFen = partOf(tenders, ['account'])
  const payFen = totalFen - pooledFen - accountFen - depositUsedFen
  const settlement = { paymentNo: settlementNo, stayNo, pooledFen, accountFen, payFen }
  const settled = settleStay(his, { ...settlement, paidAt: settledAt, tradeNo: null }, lie)
  if (settled.code !== 'OK') return inWords(settled)
  const { receiptNo } = settled.data as { receiptNo: string }
  const answer = done({ receiptNo, dischargedAt: toShanghaiIso(his.clock.now()) })
  if (lie) return answer
  returnDeposits(his, { stayNo, settlementNo, returnedFen, at: settledAt })
  return remember(his.store, 'stays.discharge', settlementNo, body, answer)
}

/** Books what was given back against the deposits, the oldest first. */
function returnDeposits(
  his: His,
  back: { stayNo: string; settlementNo: string; returnedFen: number; at: Date },
): void {
  const receipts = stayReceipts(his, back.stayNo)
  let toReturnFen = back.returnedFen
  for (const deposit of receipts.filter(({ kind }) => kind === 'deposit')) {
    const { paymentNo } = deposit
    const givenFen = receipts
      .filter((r) => r.kind === 'deposit_refund' && r.paymentNo === paymentNo)
      .reduce((sum, r) => sum + r.amountFen, 0)
    const amountFen = Math.min(toReturnFen, deposit.amountFen - givenFen)
    if (amountFen <= 0) continue
    refundDeposit(his, {
      refundNo: `${back.settlementNo}/${paymentNo}`,
      paymentNo,
      amountFen,
      at: back.at,
    })
    toReturnFen -= amountFen
  }
}

const STATUSES = {
  in_hospital: 'in_hospital',
  leaving: 'discharge_ordered',
  discharged: 'discharged',
} as const

const stayView = (stay: Stay) => ({
  stayNo: stay.stayNo,
  patientNo: stay.patientNo,
  status: STATUSES[stay.status],
  department: stay.department,
  ward: `${stay.department.name}病区`,
  bed: stay.bed,
  admittedAt: stay.admittedAt,
  depositFen: stay.depositFen,
  costFen: stay.costFen,
})

const partOf = (tenders: Tenders, kinds: readonly TenderKind[]): number =>
  tenders.reduce((sum, tender) => (kinds.includes(tender.kind) ? sum + tender.amountFen : sum), 0)

const sumOf = (tenders: Tenders): bigint =>
  tenders.reduce((sum, tender) => sum + BigInt(tender.amountFen), 0n)
