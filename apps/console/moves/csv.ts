import type { TFunction } from 'i18next'

import type { Move } from '../../../contract/client.ts'
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
  t('payments.id'),
]

export const cellsOf = (
  t: TFunction,
  move: Move,
  nameOf: (provider: string) => string,
): CsvCell[] => [
  { text: move.businessDate },
  { text: momentText(move.at, 'exact', 'zh-CN') },
  { text: t(`kinds.${move.kind}`) },
  { text: nameOf(move.provider) },
  { text: t(`parts.${move.part}`) },
  { id: move.ourNo },
  { id: move.providerNo },
  { fen: signedFen(move) },
  { id: move.paymentId },
]
