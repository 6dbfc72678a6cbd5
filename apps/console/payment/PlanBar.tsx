import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { partsOf } from '../../web/tenders.ts'
import { PartName } from '../list/PartName.tsx'

/** Who pays what: the bar for the eye, the same figures in words under it. They add up to the total. */
export function PlanBar({ payment }: { payment: Pick<Payment, 'tenders' | 'totalFen'> }) {
  const { t } = useTranslation()
  const parts = partsOf(payment.tenders)
  return (
    <div className="plan">
      <div className="plan-bar" aria-hidden="true">
        {parts.map(({ kind, amountFen }) => (
          <span key={kind} className={`fill-${kind}`} style={{ flexGrow: amountFen }} />
        ))}
      </div>
      <ul className="legend">
        {parts.map(({ kind, amountFen }) => (
          <li key={kind}>
            <PartName part={kind} /> <Amount fen={amountFen} />
          </li>
        ))}
        <li className="plan-total">
          {t('plan.total')} <Amount fen={payment.totalFen} />
        </li>
      </ul>
    </div>
  )
}
