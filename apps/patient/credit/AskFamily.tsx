import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Loan } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { places } from '../navigation.tsx'
import { Fold } from '../parts/Fold.tsx'
import { nextDueOf, scheduledFenOf } from './schedule.ts'

/** A link by which somebody of the family repays a part: it says an amount, and nothing of the loan. */
export function AskFamily({ loan }: { loan: Loan }) {
  const { t } = useTranslation()
  const [isCopied, setCopied] = useState(false)
  const next = nextDueOf(loan)
  const amountFen = loan.owedNowFen || (next ? scheduledFenOf(next) : loan.owedInFullFen)
  const link = linkTo(loan, amountFen)
  const copy = async () => {
    await navigator.clipboard.writeText(link)
    setCopied(true)
  }
  return (
    <section className="card folds">
      <Fold title={t('credit:loan.askFamily')}>
        <p>{t('credit:help.shareLead')}</p>
        <p>
          {t('credit:help.shareAmount')} <strong>{amountText(amountFen)}</strong>
        </p>
        <p className="note">{t('credit:help.shareSafe')}</p>
        <p className="link-to-send">{link}</p>
        {/* A page without TLS has no clipboard. */}
        {'clipboard' in navigator && (
          <button type="button" className="button" onClick={() => void copy()}>
            {t(isCopied ? 'credit:help.copied' : 'credit:help.copy')}
          </button>
        )}
      </Fold>
    </section>
  )
}

function linkTo({ lenderId, loanId }: Loan, amountFen: number): string {
  const { to, search } = places.familyRepay(lenderId, loanId, amountFen)
  return `${window.location.origin}/patient${to}?${new URLSearchParams(search).toString()}`
}
