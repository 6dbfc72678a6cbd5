import { fen } from '../../../../../../kernel/money.ts'
import { businessDate, type BusinessDate, isBusinessDate } from '../../../../../../kernel/time.ts'
import type { His } from '../../../context.ts'
import { dayList } from '../../../day-list.ts'
import type { DayTotals } from '../../../protocol.ts'
import type { BookedReceipt } from '../../../receipts.ts'
import { FhirProblem } from './query.ts'
import type { ResourceType } from './resource-type.ts'
import { extension, identifier, money, type Resource } from './resource.ts'

// The day's book for reconciliation: a PaymentReconciliation for every five hundred receipts of a day.

function pageOf(his: His, date: BusinessDate, page: number): { found: Resource; pages: number } {
  const answer = dayList(his, { businessDate: date, page }, false)
  if (answer.code === 'SYSTEM_BUSY') throw new FhirProblem(503, 'transient', answer.message)
  if (answer.code !== 'OK') throw new FhirProblem(404, 'not-found', answer.message)
  const { rows, pages, totals } = answer.data as DayPage
  return { found: reconciliation(date, { rows, page, totals }), pages }
}

type DayPage = { rows: Row[]; pages: number; totals: DayTotals }
type Row = Omit<BookedReceipt, 'at'> & { at: string }

const reconciliation = (
  date: BusinessDate,
  { rows, page, totals }: { rows: Row[]; page: number; totals: DayTotals },
): Resource => ({
  resourceType: 'PaymentReconciliation',
  id: `${date}-${page}`,
  status: 'active',
  period: { start: date, end: date },
  created: date,
  paymentDate: date,
  paymentAmount: money(fen(totals.paymentsFen - totals.refundsFen)),
  detail: rows.map((row) => ({
    identifier: identifier('receipt', row.receiptNo),
    type: { coding: [{ code: row.kind }], text: row.kind },
    date: row.at.slice(0, 10),
    amount: money(fen(row.amountFen)),
    extension: [
      extension('at', { valueInstant: row.at }),
      extension('payment', { valueString: row.paymentNo }),
      ...(row.refundNo === null ? [] : [extension('refund', { valueString: row.refundNo })]),
      extension('bill', { valueString: row.billNo }),
      ...row.tenders.map((tender) =>
        extension('tender', {
          extension: [
            { url: 'kind', valueCode: tender.kind },
            { url: 'amount', valueMoney: money(fen(tender.amountFen)) },
          ],
        }),
      ),
    ],
  })),
  extension: [
    extension('payments', { valueInteger: totals.payments }),
    extension('payments-amount', { valueMoney: money(totals.paymentsFen) }),
    extension('refunds', { valueInteger: totals.refunds }),
    extension('refunds-amount', { valueMoney: money(totals.refundsFen) }),
  ],
})

export const dayBookTypes: Record<string, ResourceType> = {
  PaymentReconciliation: {
    params: { created: 'date' },
    oneOf: ['created'],
    all(his, query) {
      const { from, to } = query.days('created')
      if (from === undefined || from !== to) {
        throw new FhirProblem(400, 'invalid', 'created is one day')
      }
      const date = businessDate(from)
      const first = pageOf(his, date, 1)
      const others = Array.from({ length: first.pages - 1 }, (_, i) => pageOf(his, date, i + 2))
      return [first, ...others].map(({ found }) => found)
    },
    read(his, id) {
      const [, date = '', page = ''] = /^(\d{4}-\d{2}-\d{2})-(\d{1,4})$/.exec(id) ?? []
      return isBusinessDate(date) ? pageOf(his, date, Number(page)).found : null
    },
  },
}
