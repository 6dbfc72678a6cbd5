import { Button, Skeleton } from 'antd'
import { type FormEvent, useState } from 'react'

import { fen, parseYuan, toYuanText } from '../../../kernel/money.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { TextField } from '../channels/TextField.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import {
  candidatesFor,
  leftFenOf,
  openFenOf,
  type Payout,
  type Receipt,
  usualShareFen,
} from './model.ts'
import { useAssign } from './use-settlement.ts'
import { useSettlementWords } from './words.ts'

const MOST_CANDIDATES = 200

/** A person says for which batch a receipt, or a part of it, came: the likeliest stand first. */
export function AssignCard({ receipt }: { receipt: Receipt }) {
  const { t } = useSettlementWords()
  const { hospitalId } = useStaff()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/settlement/payouts',
    {
      params: {
        path: { hospitalId },
        query: { status: 'open', order: 'due', limit: MOST_CANDIDATES },
      },
    },
  )
  const candidates = data && candidatesFor(receipt, data.items)
  return (
    <section className="card" aria-labelledby="assign-title">
      <h2 id="assign-title">{t('assign.title')}</h2>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 4 }} />}
      {candidates?.length === 0 && <Empty text={t('assign.none')} />}
      {candidates && candidates.length > 0 && (
        // What is left of it has changed after each assignment.
        <AssignForm key={receipt.allocatedFen} receipt={receipt} candidates={candidates} />
      )}
    </section>
  )
}

type AssignFormProps = { receipt: Receipt; candidates: readonly Payout[] }

function AssignForm({ receipt, candidates }: AssignFormProps) {
  const { t } = useSettlementWords()
  const { hospitalId } = useStaff()
  const nameOf = useProviderName()
  const leftFen = leftFenOf(receipt)
  const [chosen, setChosen] = useState<Payout | null>(null)
  const [typed, setTyped] = useState('')
  const assign = useAssign(hospitalId, receipt, { words: t('assign.done') })
  const amountFen = amountIn(typed, leftFen)
  const choose = (payout: Payout) => {
    setChosen(payout)
    setTyped(toYuanText(fen(Math.abs(usualShareFen(leftFen, openFenOf(payout))))))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (chosen === null || amountFen === null) return
    assign.mutate({ provider: chosen.provider, date: chosen.date, amountFen })
  }
  return (
    <form className="note-form" onSubmit={submit}>
      <fieldset className="assign-list">
        <legend className="fine">{t('assign.hint')}</legend>
        {candidates.map((payout) => (
          <label key={`${payout.provider} ${payout.date}`}>
            <input
              type="radio"
              name="batch"
              checked={chosen === payout}
              onChange={() => choose(payout)}
            />
            <span>
              {nameOf(payout.provider)} {payout.date}
              <span className="fine"> {t(`statuses.${payout.status}`)}</span>
            </span>
            <Amount fen={openFenOf(payout)} />
          </label>
        ))}
      </fieldset>
      {chosen && (
        <TextField
          label={t('assign.amount')}
          value={typed}
          isNumber
          isWrong={amountFen === null}
          hint={t('assign.most', { amount: amountText(Math.abs(leftFen)) })}
          onChange={setTyped}
        />
      )}
      {assign.error !== null && <Fault error={assign.error} />}
      <Button
        type="primary"
        htmlType="submit"
        disabled={chosen === null || amountFen === null}
        loading={assign.isPending}
      >
        {chosen && amountFen !== null
          ? t('assign.act', {
              batch: `${nameOf(chosen.provider)} ${chosen.date}`,
              amount: amountText(amountFen),
            })
          : t('assign.choose')}
      </Button>
    </form>
  )
}

/** With the sign of what is left, of which it is at most all; null for anything else. */
function amountIn(typed: string, leftFen: number): number | null {
  const size = parseYuan(typed.trim())
  if (size === null || size <= 0 || size > Math.abs(leftFen)) return null
  return leftFen < 0 ? 0 - size : size
}
