import {
  addDays,
  type BusinessDate,
  instantAt,
  toShanghaiText,
} from '../../../../../kernel/time.ts'
import type { His } from '../../context.ts'
import { dayBook, type DayLine } from '../../day-book.ts'
import { type Answer, done, refusal } from '../../protocol.ts'
import { day, wallClock, wholeNumber } from '../fields.ts'
import { service, type Service } from '../service.ts'

/** The day's list, page by page, and whether the gateway is there. */
export const dayServices: Record<string, Service> = {
  'dui.zhang': service({
    shape: { startDate: day, pageNo: wholeNumber(10_000) },
    operation: 'reconciliation.dayList',
    key: ({ startDate }) => startDate,
    run: pageOfDay,
  }),
  'monitor.service': service({
    shape: {},
    operation: 'heartbeat',
    key: (_, { registry }) => String(registry.hospital.id),
    run: ({ clock }) => done({ serverTime: toShanghaiText(clock.now()) }),
  }),
  'gateway.status.service': service({
    shape: {},
    operation: 'heartbeat',
    key: (_, { registry }) => String(registry.hospital.id),
    run: () => done({ status: '1' }),
  }),
}

const PAGE_ROWS = 200

function pageOfDay(
  his: His,
  { startDate, pageNo }: { startDate: BusinessDate; pageNo: number },
  lie: boolean,
): Answer {
  if (his.clock.now() < instantAt(addDays(startDate, 1), '00:05:00')) {
    return refusal('SYSTEM_BUSY', 'the day is not made up yet')
  }
  const all = dayBook(his, startDate)
  const lines = lie ? all.slice(1) : all
  const pages = Math.max(1, Math.ceil(lines.length / PAGE_ROWS))
  if (pageNo < 1 || pageNo > pages) return refusal('INVALID_REQUEST', `pageNo is 1 to ${pages}`)
  const sumOf = (kind: DayLine['kind']) =>
    lines.reduce((sum, line) => (line.kind === kind ? sum + line.amountFen : sum), 0)
  const page = lines.slice((pageNo - 1) * PAGE_ROWS, pageNo * PAGE_ROWS)
  return done({
    pageNo,
    pageCount: pages,
    totalCount: lines.length,
    payAmt: sumOf('payment'),
    refundAmt: sumOf('refund'),
    records: page.map(rowOf),
  })
}

const SCENES = { registration: '1', outpatient: '2', deposit: '3', discharge: '4' } as const

const rowOf = (line: DayLine) => ({
  tradeType: line.kind === 'payment' ? '1' : '2',
  bizType: SCENES[line.scene],
  outTradeNo: line.paymentNo,
  refundTradeNo: line.refundNo,
  billNo: line.subjectNo,
  receiptNo: line.receiptNo,
  patientId: line.patientNo,
  cash: line.amountFen,
  fundAmt: line.pooledFen,
  accountAmt: line.accountFen,
  tradeTime: wallClock(line.at),
})
