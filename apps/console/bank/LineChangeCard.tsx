import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import { fen, parseYuan, toYuanText } from '../../../kernel/money.ts'
import { amountText } from '../../web/amount.ts'
import { api } from '../api.ts'
import { TextField } from '../channels/TextField.tsx'
import { Fault } from '../list/Fault.tsx'
import { may, useStaff } from '../shell/staff.ts'
import type { LenderLine } from './model.ts'
import { useProducts } from './names.ts'
import { type LineChange, useChangeLine } from './use-money.ts'
import { useBankWords } from './words.ts'

const MOST_LETTERS = 200

/** Suspends an account, uses it again, or changes its limit. */
export function LineChangeCard({ line }: { line: LenderLine }) {
  const { t } = useBankWords()
  const staff = useStaff()
  const { data: lender } = api.query.useQuery(
    'get',
    '/v1/credit/lenders/{lenderId}',
    { params: { path: { lenderId: staff.hospitalId } } },
    { staleTime: Infinity },
  )
  const obstacle = !may(staff, 'decideLending')
    ? 'readOnly'
    : line.status === 'ended'
      ? 'lines.act.ended'
      : null
  return (
    <section className="card" aria-labelledby="line-act-title">
      <h2 id="line-act-title">{t('lines.act.title')}</h2>
      {lender?.form === 'bank_api' && <p className="fine">{t('lines.act.byBank')}</p>}
      {obstacle ? <p className="fine">{t(obstacle)}</p> : <ChangeForm line={line} />}
    </section>
  )
}

function ChangeForm({ line }: { line: LenderLine }) {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const other = line.status === 'active' ? 'suspended' : 'resumed'
  const [isLimit, setIsLimit] = useState(true)
  const [limit, setLimit] = useState(toYuanText(fen(line.limitFen)))
  const [reason, setReason] = useState('')
  const done = { words: t('lines.act.done'), onDone: () => setReason('') }
  const change = useChangeLine({ lenderId, id: line.lineId }, done)
  const mostFen = useMostFen(line)
  const limitFen = limitOf(limit, mostFen)
  const wish = wishOf(isLimit ? limitFen : other, reason.trim())
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (wish) change.mutate(wish)
  }
  return (
    <form className="note-form" onSubmit={submit}>
      <Choice isLimit={isLimit} other={other} onChange={setIsLimit} />
      {isLimit && (
        <TextField
          label={t('reviews.newLimit')}
          value={limit}
          isNumber
          isWrong={limitFen === null}
          hint={
            mostFen === null
              ? t('hospitals.kept')
              : t('lines.act.most', { amount: amountText(mostFen) })
          }
          onChange={setLimit}
        />
      )}
      <label>
        {t('lines.act.reason')}
        <textarea
          rows={2}
          required
          maxLength={MOST_LETTERS}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      {change.error !== null && <Fault error={change.error} />}
      <Button
        type="primary"
        danger={!isLimit && other === 'suspended'}
        htmlType="submit"
        disabled={wish === null}
        loading={change.isPending}
      >
        {isLimit && limitFen !== null
          ? t('lines.act.setLimit', { amount: amountText(limitFen) })
          : t(`lines.act.kinds.${isLimit ? 'limit' : other}`)}
      </Button>
    </form>
  )
}

type ChoiceProps = {
  isLimit: boolean
  other: 'suspended' | 'resumed'
  onChange: (isLimit: boolean) => void
}

function Choice({ isLimit, other, onChange }: ChoiceProps) {
  const { t } = useBankWords()
  return (
    <fieldset className="resolutions">
      <legend>{t('lines.act.what')}</legend>
      {(['limit', other] as const).map((kind) => (
        <label key={kind}>
          <input
            type="radio"
            name="line-act"
            checked={isLimit === (kind === 'limit')}
            onChange={() => onChange(kind === 'limit')}
          />
          <span>{t(`lines.act.kinds.${kind}`)}</span>
        </label>
      ))}
    </fieldset>
  )
}

/** What the account's product allows at most; null while it is not known. */
function useMostFen({ productId }: LenderLine): number | null {
  const { hospitalId: lenderId } = useStaff()
  const { data } = useProducts(lenderId)
  return data?.items.find((product) => product.productId === productId)?.mostFen ?? null
}

function limitOf(text: string, mostFen: number | null): number | null {
  const typed = parseYuan(text.trim())
  if (typed === null || typed < 0) return null
  return mostFen !== null && typed > mostFen ? null : typed
}

function wishOf(what: number | null | 'suspended' | 'resumed', reason: string): LineChange | null {
  if (what === null || reason === '') return null
  return typeof what === 'number'
    ? { kind: 'limit', limitFen: what, reason }
    : { kind: what, reason }
}
