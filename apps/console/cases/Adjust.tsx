import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { components } from '../../../contract/hub.d.ts'
import { fen, parseYuan, toYuanText } from '../../../kernel/money.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import type { Case } from '../search/choices.ts'
import { announce } from '../shell/announce.ts'
import { may, useStaff } from '../shell/staff.ts'
import { useActorName } from './words.ts'

type Adjustment = components['schemas']['CaseAdjustment']
type Kind = Adjustment['kind']

const MOST_LETTERS = 500
const ADJUSTMENTS = '/v1/hospitals/{hospitalId}/reconciliation/cases/{id}/adjustments'
const DECISION = '/v1/hospitals/{hospitalId}/reconciliation/adjustments/{id}/decision'

/** 两人调账: how the case is closed in the books, as one proposes and another decides. */
export function Adjust({ known }: { known: Case }) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const path = { hospitalId, id: known.id }
  const { data, error, refetch } = api.query.useQuery('get', ADJUSTMENTS, { params: { path } })
  const waiting = data?.items.find(({ decision }) => decision === null)
  const isOffered = data !== undefined && data.offered.length > 0 && !waiting
  if (data && data.items.length === 0 && data.offered.length === 0) return null
  return (
    <section className="card" aria-labelledby="adjust-title">
      <h2 id="adjust-title">{t('cases.adjust.title')}</h2>
      <p className="fine">{t('cases.adjust.lead')}</p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data && data.items.length > 0 && (
        <ol className="versions">
          {data.items.map((each) => (
            <OneAdjustment key={each.id} adjustment={each} />
          ))}
        </ol>
      )}
      {isOffered && <Propose known={known} {...data} />}
    </section>
  )
}

function OneAdjustment({ adjustment }: { adjustment: Adjustment }) {
  const { t } = useTranslation()
  const actorName = useActorName()
  const { kind, amountFen, reason, proposedBy, proposedAt, decision } = adjustment
  return (
    <li>
      <p>
        <strong>{t(`cases.adjust.kinds.${kind}`)}</strong> <Amount fen={amountFen} />
      </p>
      <p>{reason}</p>
      <p className="fine">
        {t('cases.adjust.proposed')} {actorName(proposedBy)} ·{' '}
        <Moment at={proposedAt} form="exact" />
      </p>
      {decision ? (
        <p className="fine">
          {t(`cases.adjust.outcomes.${decision.outcome}`)} {actorName(decision.decidedBy)} ·{' '}
          <Moment at={decision.decidedAt} form="exact" />
          {decision.note !== null && ` · ${decision.note}`}
        </p>
      ) : (
        <Decide adjustment={adjustment} />
      )}
    </li>
  )
}

/** The second person agrees or does not; whoever proposed it can take it back. */
function Decide({ adjustment: { id, proposedBy } }: { adjustment: Adjustment }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const [note, setNote] = useState('')
  const decide = useAct(DECISION, t('cases.adjust.decided'))
  const isOwn = proposedBy === `staff:${staff.staffId}`
  if (!may(staff, 'reconcile')) return <p className="fine">{t('cases.adjust.waits')}</p>
  const say = (outcome: 'approved' | 'declined' | 'withdrawn') => () =>
    decide.mutate({
      params: { path: { hospitalId: staff.hospitalId, id } },
      body: { outcome, ...(note.trim() === '' ? {} : { note: note.trim() }) },
    })
  return (
    <div className="note-form">
      {isOwn && <p className="fine">{t('cases.adjust.waits')}</p>}
      {!isOwn && (
        <label>
          {t('cases.adjust.note')}
          <textarea
            rows={2}
            maxLength={MOST_LETTERS}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
      )}
      {decide.error !== null && <Fault error={decide.error} />}
      <div className="action-row">
        {isOwn ? (
          <Button loading={decide.isPending} onClick={say('withdrawn')}>
            {t('cases.adjust.withdraw')}
          </Button>
        ) : (
          <>
            <Button type="primary" loading={decide.isPending} onClick={say('approved')}>
              {t('cases.adjust.approve')}
            </Button>
            <Button danger disabled={decide.isPending} onClick={say('declined')}>
              {t('cases.adjust.decline')}
            </Button>
          </>
        )}
      </div>
    </div>
  )
}

type Offer = { known: Case; offered: readonly Kind[]; mostFen: number }

function Propose({ known, offered, mostFen }: Offer) {
  const { t } = useTranslation()
  const staff = useStaff()
  const [kind, setKind] = useState<Kind | undefined>(offered[0])
  const [amount, setAmount] = useState(toYuanText(fen(mostFen)))
  const [reason, setReason] = useState('')
  const propose = useAct(ADJUSTMENTS, t('cases.adjust.asked'))
  const amountFen = parseYuan(amount.trim())
  const isRight = amountFen !== null && amountFen > 0 && amountFen <= mostFen
  if (!may(staff, 'reconcile')) return null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isRight || kind === undefined || reason.trim().length < 2) return
    const path = { hospitalId: staff.hospitalId, id: known.id }
    propose.mutate({ params: { path }, body: { kind, amountFen, reason: reason.trim() } })
  }
  return (
    <form className="note-form" onSubmit={submit}>
      <fieldset className="resolutions">
        <legend>{t('cases.adjust.how')}</legend>
        {offered.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="adjustment"
              checked={kind === each}
              onChange={() => setKind(each)}
            />
            <span>
              {t(`cases.adjust.kinds.${each}`)}
              <span className="fine"> {t(`cases.adjust.hints.${each}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <label>
        {t('cases.adjust.amount')}
        <input
          inputMode="decimal"
          required
          value={amount}
          aria-invalid={!isRight}
          onChange={(event) => setAmount(event.target.value)}
        />
      </label>
      {!isRight && <p className="fine tone-bad">{t('cases.adjust.wrongAmount')}</p>}
      <label>
        {t('cases.adjust.reason')}
        <textarea
          rows={2}
          required
          minLength={2}
          maxLength={MOST_LETTERS}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      {propose.error !== null && <Fault error={propose.error} />}
      <Button htmlType="submit" loading={propose.isPending}>
        {t('cases.adjust.propose')}
      </Button>
    </form>
  )
}

function useAct<Path extends typeof ADJUSTMENTS | typeof DECISION>(path: Path, done: string) {
  const queryClient = useQueryClient()
  return api.query.useMutation('post', path, {
    onSuccess: async () => {
      announce(done)
      await queryClient.invalidateQueries()
    },
  })
}
