import type { TFunction } from 'i18next'

import type { Payment } from '../../../contract/client.ts'
import { momentText } from '../../web/moment.ts'
import { PARTS, partsOf } from '../../web/tenders.ts'
import type { CsvCell } from '../list/csv.ts'

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
  ...PARTS.map((part) => t(`parts.${part}`)),
  t('payments.inTransit'),
  t('payments.attention'),
  t('payments.id'),
]

export function cellsOf(t: TFunction, payment: Payment): CsvCell[] {
  const parts = new Map(partsOf(payment.tenders).map(({ kind, amountFen }) => [kind, amountFen]))
  return [
    { id: payment.paymentNo },
    { text: t(`statuses.${payment.status}`) },
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
    { fen: payment.inTransitFen },
    { text: payment.attention },
    { id: payment.id },
  ]
}

const timeOf = (at: string | null) => (at === null ? null : momentText(at, 'exact', 'zh-CN'))
