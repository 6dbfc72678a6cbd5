import type { TFunction } from 'i18next'

import type { Payment } from '../../../contract/client.ts'
import { momentText } from '../../web/moment.ts'
import { PARTS, partsOf } from '../../web/tenders.ts'
import type { CsvCell } from '../list/csv.ts'
import { sumFen } from '../list/sums.ts'
import { attentionOf, reasonTextOf } from './words.ts'

/** The columns of the file, in the order of cellsOf. */
export const headsOf = (t: TFunction): string[] => [
  t('payments.no'),
  t('payments.status'),
  t('payments.visit'),
  t('payments.bills'),
  t('payments.receipts'),
  t('payments.createdAt'),
  t('payments.paidAt'),
  t('payments.total'),
  ...PARTS.map((part) => t('payments.planned', { part: t(`parts.${part}`) })),
  t('payments.taken'),
  t('payments.returned'),
  t('payments.net'),
  t('payments.inTransit'),
  t('payments.attention'),
  t('payments.id'),
]

export function cellsOf(t: TFunction, payment: Payment): CsvCell[] {
  const { takenFen, returnedFen } = movedOf(payment)
  const parts = new Map(partsOf(payment.tenders).map(({ kind, amountFen }) => [kind, amountFen]))
  return [
    { id: payment.paymentNo },
    { text: statusText(t, payment) },
    { id: payment.visitNo },
    { id: payment.bills.map(({ billNo }) => billNo).join(' ') },
    {
      id: payment.bills
        .map(({ receiptNo }) => receiptNo ?? '')
        .join(' ')
        .trim(),
    },
    { text: timeOf(payment.createdAt) },
    { text: timeOf(payment.paidAt) },
    { fen: payment.totalFen },
    ...PARTS.map((part) => ({ fen: parts.get(part) ?? 0 })),
    { fen: takenFen },
    { fen: returnedFen },
    { fen: takenFen - returnedFen },
    { fen: payment.inTransitFen },
    { text: reasonTextOf(t, attentionOf(payment) ?? payment.failureCode) },
    { id: payment.id },
  ]
}

/** What was given back stands in no status of the machine, and is what a reader of the file looks for. */
const statusText = (t: TFunction, { status, payerState }: Payment): string =>
  payerState === 'refunded' || payerState === 'part_refunded'
    ? t(`common:payerStates.${payerState}`)
    : t(`statuses.${status}`)

/** What the providers have taken and given back: money, and no plan. */
export const movedOf = ({ tenders }: Payment) => ({
  takenFen: sumFen(tenders, (tender) => tender.takenFen),
  returnedFen: sumFen(tenders, (tender) => tender.returnedFen),
})

const timeOf = (at: string | null) => (at === null ? null : momentText(at, 'exact', 'zh-CN'))
