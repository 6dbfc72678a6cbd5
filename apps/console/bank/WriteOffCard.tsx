import { Button } from 'antd'
import { type FormEvent, type ReactNode, useState } from 'react'

import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { Fault } from '../list/Fault.tsx'
import { may, useStaff } from '../shell/staff.ts'
import type { LoanRecord } from './model.ts'
import { useActor } from './names.ts'
import { useApproveWriteOff, useProposeWriteOff } from './use-lending.ts'
import { useBankWords } from './words.ts'

const MOST_LETTERS = 200

type Proposal = NonNullable<LoanRecord['writeOff']>

/** A loan is given up by two people: one proposes it with a reason, another agrees to the exact amount. */
export function WriteOffCard({ record }: { record: LoanRecord }) {
  const { t } = useBankWords()
  const { loan, writeOff } = record
  return (
    <section className="card" aria-labelledby="write-off-title">
      <h2 id="write-off-title">{t('writeOff.title')}</h2>
      {writeOff && <Proposed writeOff={writeOff} />}
      {loan.status === 'written_off' && <Recovered record={record} />}
      {loan.status === 'open' && (writeOff ? <Decide record={record} /> : <Ask record={record} />)}
      {loan.status === 'settled' && <p className="fine">{t('writeOff.over')}</p>}
    </section>
  )
}

function Proposed({ writeOff }: { writeOff: Proposal }) {
  const { t } = useBankWords()
  const actorName = useActor()
  const { reason, proposedBy, proposedAt, approvedBy, approvedAt } = writeOff
  const facts: [string, ReactNode][] = [
    [t('writeOff.reason'), reason],
    [
      t('writeOff.proposedBy'),
      <span key="v">
        {actorName(proposedBy)} <Moment at={proposedAt} form="exact" />
      </span>,
    ],
  ]
  if (approvedBy !== null) {
    facts.push([
      t('writeOff.approvedBy'),
      <span key="v">
        {actorName(approvedBy)} <Moment at={approvedAt} form="exact" />
      </span>,
    ])
  }
  return (
    <dl className="bank-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Recovered({ record: { writeOff, recoveredFen } }: { record: LoanRecord }) {
  const { t } = useBankWords()
  const amountFen = writeOff?.amountFen ?? 0
  return (
    <>
      <dl className="bank-facts">
        <div>
          <dt>{t('writeOff.amount')}</dt>
          <dd>
            <Amount fen={amountFen} />
          </dd>
        </div>
        <div>
          <dt>{t('writeOff.recovered')}</dt>
          <dd>
            <Amount fen={recoveredFen} {...(recoveredFen > 0 ? { flow: 'in' as const } : {})} />
          </dd>
        </div>
        <div>
          <dt>{t('writeOff.left')}</dt>
          <dd>
            <Amount fen={Math.max(0, amountFen - recoveredFen)} />
          </dd>
        </div>
      </dl>
      <p className="fine">{t('writeOff.stillOpen')}</p>
    </>
  )
}

function Ask({ record: { loan, owedTodayFen } }: { record: LoanRecord }) {
  const { t } = useBankWords()
  const staff = useStaff()
  const [reason, setReason] = useState('')
  const amount = amountText(owedTodayFen)
  const ref = { lenderId: staff.hospitalId, loanId: loan.loanId }
  const ask = useProposeWriteOff(ref, { words: t('writeOff.proposed') })
  if (loan.overdueSince === null) return <p className="fine">{t('writeOff.notOverdue')}</p>
  if (!may(staff, 'decideLending')) return <p className="fine">{t('readOnly')}</p>
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason.trim() !== '') ask.mutate(reason.trim())
  }
  return (
    <form className="note-form" onSubmit={submit}>
      <p className="fine">{t('writeOff.hint')}</p>
      <label>
        {t('writeOff.reason')}
        <textarea
          rows={2}
          required
          maxLength={MOST_LETTERS}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      {ask.error !== null && <Fault error={ask.error} />}
      <Button htmlType="submit" disabled={reason.trim() === ''} loading={ask.isPending}>
        {t('writeOff.propose', { amount })}
      </Button>
    </form>
  )
}

function Decide({ record: { loan, writeOff, owedTodayFen } }: { record: LoanRecord }) {
  const { t } = useBankWords()
  const staff = useStaff()
  const amount = amountText(owedTodayFen)
  const ref = { lenderId: staff.hospitalId, loanId: loan.loanId }
  const agree = useApproveWriteOff(ref, { words: t('writeOff.done', { amount }) })
  const isMine = writeOff?.proposedBy === `staff:${staff.staffId}`
  const obstacle = !may(staff, 'decideLending') ? 'readOnly' : isMine ? 'writeOff.mine' : null
  return (
    <div className="note-form">
      <p className="notice-held">{t('writeOff.proposed')}</p>
      {obstacle && <p className="fine">{t(obstacle)}</p>}
      {agree.error !== null && <Fault error={agree.error} />}
      {!obstacle && (
        <Button type="primary" danger loading={agree.isPending} onClick={() => agree.mutate()}>
          {t('writeOff.approve', { amount })}
        </Button>
      )}
    </div>
  )
}
