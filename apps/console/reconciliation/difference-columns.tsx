import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { CopyText } from '../list/CopyText.tsx'
import type { Column } from '../list/DataTable.tsx'
import { SignedAmount } from '../list/SignedAmount.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { sumFen } from '../list/sums.ts'
import { shortNo, useReasonText } from '../payments/words.ts'
import type { Difference } from '../search/choices.ts'
import { Icon } from '../shell/Icon.tsx'
import { useProviderName } from '../shell/use-names.ts'
import { gapFen, LOOK_OF_DIFFERENCE, oddSideOf } from './words.ts'

/** A difference as a row: both sides beside each other, the odd one marked, and what became of it. */
export function useDifferenceColumns(rows: readonly Difference[]): Column<Difference>[] {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  return [
    {
      key: 'class',
      title: t('reconciliation.class'),
      sum: t('sum.page', { count: rows.length }),
      cell: ({ class: cls, otherDate }) => (
        <span className="two-lines">
          {t(`reconciliation.classes.${cls}`)}
          {otherDate && (
            <span className="fine">{t('reconciliation.otherDate', { date: otherDate })}</span>
          )}
        </span>
      ),
    },
    {
      key: 'source',
      title: t('reconciliation.source'),
      sum: '',
      cell: ({ source, kind }) => `${nameOf(source)} · ${t(`kinds.${kind}`)}`,
    },
    {
      key: 'no',
      title: t('moves.ourNo'),
      sum: '',
      cell: (row) => <Numbers difference={row} />,
    },
    {
      key: 'ours',
      title: t('reconciliation.ours'),
      isNumber: true,
      sum: <Amount fen={sumFen(rows, (row) => row.oursFen)} />,
      cell: (row) => <Cell difference={row} side="ours" />,
    },
    {
      key: 'theirs',
      title: t('reconciliation.theirs'),
      isNumber: true,
      sum: <Amount fen={sumFen(rows, (row) => row.theirsFen)} />,
      cell: (row) => <Cell difference={row} side="theirs" />,
    },
    {
      key: 'gap',
      title: t('reconciliation.gap'),
      isNumber: true,
      sum: <SignedAmount fen={sumFen(rows, gapFen)} />,
      cell: (row) => <SignedAmount fen={gapFen(row)} />,
    },
    {
      key: 'repair',
      title: t('reconciliation.repair'),
      sum: '',
      cell: (row) => <RepairText difference={row} />,
    },
    {
      key: 'status',
      title: t('payments.status'),
      sum: '',
      cell: (row) => <Standing difference={row} />,
    },
  ]
}

function Numbers({ difference: { ourNo, paymentId, providerNo } }: { difference: Difference }) {
  return (
    <span className="two-lines">
      {paymentId ? (
        <Link to="/payments/$paymentId" params={{ paymentId }} title={ourNo}>
          <code>{shortNo(ourNo)}</code>
        </Link>
      ) : (
        <CopyText text={ourNo} />
      )}
      {providerNo && <code className="fine">{providerNo}</code>}
    </span>
  )
}

export function Cell({ difference, side }: { difference: Difference; side: 'ours' | 'theirs' }) {
  const { t } = useTranslation()
  const odd = oddSideOf(difference)
  const [fen, lines] =
    side === 'ours'
      ? [difference.oursFen, difference.oursLines]
      : [difference.theirsFen, difference.theirsLines]
  const text: ReactNode =
    lines === 0 ? <span>{t('reconciliation.none')}</span> : <Amount fen={fen} />
  if (odd !== side && odd !== 'both') return text
  return (
    <span className="odd">
      <Icon name="alert" />
      <span className="visually-hidden">{t('reconciliation.odd')} </span>
      {text}
      {lines > 1 && ` ×${lines}`}
    </span>
  )
}

export function RepairText({ difference }: { difference: Difference }) {
  const { t } = useTranslation()
  const reasonText = useReasonText()
  const { repair, repairOutcome, repairDetail } = difference
  if (repair === null) return <span className="fine">{t('reconciliation.noRepair')}</span>
  return (
    <span className="two-lines">
      {t(`reconciliation.repairs.${repair}`)}
      <span className="fine">
        {repairOutcome && t(`reconciliation.repairOutcomes.${repairOutcome}`)}
        {repairDetail && ` · ${reasonText(repairDetail)}`}
      </span>
    </span>
  )
}

/** `of`: the case on whose page it stands, which needs no link to itself. */
export function Standing({ difference, of }: { difference: Difference; of?: string }) {
  const { t } = useTranslation()
  const { status, caseId, present } = difference
  return (
    <span className="standing">
      <StatusChip
        {...LOOK_OF_DIFFERENCE[status]}
        text={t(`reconciliation.differenceStatuses.${status}`)}
      />
      {caseId && caseId !== of && (
        <Link to="/cases/$caseId" params={{ caseId }}>
          {t('menu.cases')}
        </Link>
      )}
      {!present && <span className="fine">{t('reconciliation.gone')}</span>}
    </span>
  )
}
