import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { CopyText } from '../list/CopyText.tsx'
import { SignedAmount } from '../list/SignedAmount.tsx'
import { shortNo } from '../payments/words.ts'
import { Cell, RepairText, Standing } from '../reconciliation/difference-columns.tsx'
import { gapFen } from '../reconciliation/words.ts'
import type { Difference } from '../search/choices.ts'
import { useProviderName } from '../shell/use-names.ts'

type SidesTableProps = { caseId: string; differences: readonly Difference[] }

/** What each side says of the same number, beside each other; the odd cell is marked. */
export function SidesTable({ caseId, differences }: SidesTableProps) {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  return differences.map((difference) => (
    <div key={difference.id} className="sides">
      <p className="sides-head">
        <strong>{t(`reconciliation.classes.${difference.class}`)}</strong>
        <Standing difference={difference} of={caseId} />
      </p>
      <table className="data-table sides-table">
        <thead>
          <tr>
            <th scope="col">{t('reconciliation.ours')}</th>
            <th scope="col">{nameOf(difference.source)}</th>
            <th scope="col">{t('reconciliation.gap')}</th>
          </tr>
        </thead>
        <tbody>
          <tr className="sides-amounts">
            <td>
              <Cell difference={difference} side="ours" />
            </td>
            <td>
              <Cell difference={difference} side="theirs" />
            </td>
            <td>
              <SignedAmount fen={gapFen(difference)} />
            </td>
          </tr>
          <tr>
            <td>
              <span className="fine">{t('moves.ourNo')}</span>
              <OurNo difference={difference} />
            </td>
            <td>
              <span className="fine">{t('moves.providerNo')}</span>{' '}
              <CopyText text={difference.providerNo} />
            </td>
            <td>
              {t(`kinds.${difference.kind}`)}
              {difference.otherDate &&
                ` · ${t('reconciliation.otherDate', { date: difference.otherDate })}`}
            </td>
          </tr>
          <tr>
            <th scope="row">{t('reconciliation.repair')}</th>
            <td colSpan={2}>
              <RepairText difference={difference} />
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  ))
}

function OurNo({ difference: { ourNo, paymentId } }: { difference: Difference }) {
  if (!paymentId) return <CopyText text={ourNo} />
  return (
    <>
      {' '}
      <Link to="/payments/$paymentId" params={{ paymentId }} title={ourNo}>
        <code>{shortNo(ourNo)}</code>
      </Link>
    </>
  )
}
