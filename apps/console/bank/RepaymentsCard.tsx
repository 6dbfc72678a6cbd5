import { Button } from 'antd'
import { useState } from 'react'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { Empty } from '../list/Empty.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { may, useStaff } from '../shell/staff.ts'
import type { LoanRecord } from './model.ts'
import { ReceivedDialog } from './ReceivedDialog.tsx'
import { useSplitText } from './ScheduleCard.tsx'
import { LOOK_OF, useBankWords } from './words.ts'

type RepaymentsCardProps = { loanId: string } & Pick<LoanRecord, 'repayments'>

/** What was repaid, by whom, and what it went to. The newest first. */
export function RepaymentsCard({ loanId, repayments }: RepaymentsCardProps) {
  const { t } = useBankWords()
  const splitText = useSplitText()
  return (
    <section className="card" aria-labelledby="repayments-title">
      <h2 id="repayments-title">{t('loans.repayments')}</h2>
      {repayments.length === 0 && <Empty text={t('loans.noRepayments')} />}
      <ul className="mini-list">
        {repayments.map((row) => (
          <li key={row.repaymentNo}>
            <span className="two-lines">
              <span>
                {t(`loans.sources.${row.source}`)} <Moment at={row.requestedAt} form="exact" />
              </span>
              {row.status === 'done' && <span className="fine">{splitText(row.paid)}</span>}
              {row.excessFen > 0 && (
                <span className="fine">
                  {t('loans.excess')} <Amount fen={row.excessFen} />
                </span>
              )}
            </span>
            <StatusChip
              {...LOOK_OF.repayment[row.status]}
              text={t(`statuses.repayment.${row.status}`)}
            />
            {row.status === 'done' ? (
              <Amount fen={row.amountFen} flow="in" />
            ) : (
              <Amount fen={row.amountFen} />
            )}
          </li>
        ))}
      </ul>
      <Receive loanId={loanId} />
    </section>
  )
}

/** Money for the loan that nobody announced: at a counter, or by a transfer. */
function Receive({ loanId }: { loanId: string }) {
  const { t } = useBankWords()
  const staff = useStaff()
  const [isOpen, setIsOpen] = useState(false)
  if (!may(staff, 'decideLending')) return null
  const about = { number: null, loanId, announcedFen: null, payer: 'self' as const }
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>{t('received.open')}</Button>
      {isOpen && <ReceivedDialog about={about} onClose={() => setIsOpen(false)} />}
    </>
  )
}
