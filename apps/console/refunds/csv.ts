import type { TFunction } from 'i18next'

import type { Refund } from '../../../contract/client.ts'
import { momentText } from '../../web/moment.ts'
import { type PartKind, PARTS } from '../../web/tenders.ts'
import type { CsvCell } from '../list/csv.ts'
import { sumFen } from '../list/sums.ts'
import { reasonTextOf } from '../payments/words.ts'

/** The columns of the file, in the order of cellsOf. */
export const headsOf = (t: TFunction): string[] => [
  t('payments.no'),
  t('payments.billNo'),
  t('payments.status'),
  t('refunds.cause'),
  t('refunds.reason'),
  t('payments.createdAt'),
  t('refunds.returnedTime'),
  t('payments.total'),
  ...PARTS.map((part) => t('refunds.backOf', { part: t(`parts.${part}`) })),
  t('refunds.receipt'),
  t('payments.attention'),
  t('refunds.id'),
]

export const cellsOf = (
  t: TFunction,
  refund: Refund,
  { paymentNo, reason }: { paymentNo: string; reason: string },
): CsvCell[] => [
  { id: paymentNo },
  { id: refund.billNo },
  { text: t(`refunds.statuses.${refund.status}`) },
  { text: t(`refunds.causes.${refund.cause}`) },
  { text: reason },
  { text: timeOf(refund.createdAt) },
  { text: timeOf(refund.returnedAt) },
  { fen: refund.amountFen },
  ...PARTS.map((part) => ({ fen: backFen(refund, part) })),
  { id: refund.receiptNo },
  { text: reasonTextOf(t, refund.refusalCode ?? refund.attention) },
  { id: refund.id },
]

/** What has gone back of this kind so far, over all providers. */
const backFen = ({ parts }: Refund, kind: PartKind): number =>
  sumFen(
    parts.filter((part) => part.kind === kind),
    ({ amountFen }) => amountFen,
  )

const timeOf = (at: string | null) => (at === null ? null : momentText(at, 'exact', 'zh-CN'))
