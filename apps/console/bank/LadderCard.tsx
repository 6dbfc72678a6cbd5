import { StatusChip } from '../list/StatusChip.tsx'
import { Icon } from '../shell/Icon.tsx'
import type { LoanRecord } from './model.ts'
import { lookOfLoan, useBankWords } from './words.ts'

const CURRENT = 'current'

/** The lender's overdue ladder, and the rung on which the loan stands. */
export function LadderCard({ record: { loan, ladder } }: { record: LoanRecord }) {
  const { t } = useBankWords()
  const rungs = [{ stage: CURRENT, fromDay: 0, suspends: false }, ...ladder]
  return (
    <section className="card" aria-labelledby="ladder-title">
      <h2 id="ladder-title">{t('loans.ladder')}</h2>
      <ol className="bank-ladder">
        {rungs.map(({ stage, fromDay, suspends }) => {
          const isHere = stage === loan.stage && loan.status === 'open'
          return (
            <li
              key={stage}
              className={isHere ? 'is-here' : ''}
              {...(isHere ? { 'aria-current': 'step' as const } : {})}
            >
              <span className="bank-rung">
                {isHere ? (
                  <StatusChip
                    {...lookOfLoan(loan)}
                    text={t(`stages.${stage}`, { defaultValue: stage })}
                  />
                ) : (
                  t(`stages.${stage}`, { defaultValue: stage })
                )}
              </span>
              <span className="fine">
                {stage === CURRENT
                  ? t('loans.ladderCurrent')
                  : t('loans.ladderFrom', { day: fromDay })}
                {suspends && ` · ${t('loans.ladderSuspends')}`}
              </span>
              {isHere && (
                <span className="bank-here">
                  <Icon name="left" /> {t('loans.ladderHere')}
                </span>
              )}
            </li>
          )
        })}
      </ol>
    </section>
  )
}
