import { Link } from '@tanstack/react-router'

import { monthOf } from '../reconciliation/month.ts'
import { MonthStepper } from '../reconciliation/MonthStepper.tsx'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import type { Decide } from '../terms/TermsDialog.tsx'
import { TermsTable } from '../terms/TermsTable.tsx'
import { useTermsWords } from '../terms/words.ts'
import { planOf } from './model.ts'
import { MonthTable } from './MonthTable.tsx'
import { usePlanFacts } from './plan-facts.ts'
import { useDecidePlan, usePlans } from './use-cross-checks.ts'
import { useCrossCheckWords } from './words.ts'

/** How far each plan has come with each date of the month, and the plans themselves with who proposed and agreed. */
export function CrossChecksPage() {
  const { t } = useCrossCheckWords()
  const { t: termsWord } = useTermsWords()
  const staff = useStaff()
  const { first, last } = monthOf(useBusinessDate())
  const plans = usePlans()
  const factsOf = usePlanFacts()
  usePageTitle(t('title'))
  const isKeeper = may(staff, 'reconcile')
  return (
    <div className="page cross-checks">
      <header className="page-head">
        <h1>{t('title')}</h1>
        <MonthStepper first={first} last={last} />
      </header>
      <p className="fine">{t('hint')}</p>
      <MonthTable first={first} last={last} plans={plans} />
      <section className="card" aria-labelledby="plans-title">
        <div className="card-head">
          <h2 id="plans-title">{t('plans')}</h2>
          {isKeeper && (
            <Link className="button-link" to="/cross-checks/new">
              {t('propose')}
            </Link>
          )}
        </div>
        <TermsTable
          label={t('plans')}
          empty={t('noTerms')}
          rows={plans.data?.items}
          query={plans}
          nameOf={({ name }) => name}
          factsOf={(terms) => factsOf(planOf(terms))}
          useDecide={useDecide}
          again={({ id }) =>
            isKeeper && (
              <Link to="/cross-checks/new" search={{ from: id }}>
                {termsWord('again')}
              </Link>
            )
          }
        />
      </section>
    </div>
  )
}

const useDecide: Decide = (onDone) => {
  const { t } = useTermsWords()
  const { hospitalId } = useStaff()
  return useDecidePlan(hospitalId, { words: t('decided'), onDone })
}
