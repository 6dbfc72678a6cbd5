import type { TFunction } from 'i18next'

import type { Move } from '../../../contract/client.ts'
import type { HospitalId, Id } from '../../../kernel/id.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import { momentText } from '../../web/moment.ts'
import type { CsvCell } from '../list/csv.ts'
import { signedFen } from '../list/sums.ts'

/** The columns of the file, in the order of cellsOf. */
export const headsOf = (t: TFunction): string[] => [
  t('moves.businessDate'),
  t('moves.at'),
  t('moves.kind'),
  t('moves.provider'),
  t('moves.part'),
  t('moves.ourNo'),
  t('moves.providerNo'),
  t('moves.amount'),
  t('payments.no'),
  t('payments.id'),
  t('refunds.id'),
]

export const cellsOf = (
  t: TFunction,
  move: Move,
  { nameOf, hospitalId }: { nameOf: (provider: string) => string; hospitalId: number },
): CsvCell[] => [
  { text: move.businessDate },
  { text: momentText(move.at, 'exact', 'zh-CN') },
  { text: t(`kinds.${move.kind}`) },
  { text: nameOf(move.provider) },
  { text: t(`parts.${move.part}`) },
  { id: move.ourNo },
  { id: move.providerNo },
  { fen: signedFen(move) },
  { id: tradeNoOf(hospitalId as HospitalId, move.paymentId as Id<'Payment'>) },
  { id: move.paymentId },
  { id: move.refundId },
]
