import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'

import { useActorName } from '../cases/words.ts'
import { Fault } from '../list/Fault.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { compareFacts, type Terms, type TermsFact } from './model.ts'
import { useTermsWords } from './words.ts'

const MOST_LETTERS = 200

export type Verdict = { id: string; agrees: boolean; reason: string }

/** How a decision is sent; made anew for each dialog, so that one's failure is not shown in another. */
export type Decide = (onDone: () => void) => {
  mutate: (verdict: Verdict) => void
  error: unknown
  isPending: boolean
}

type TermsDialogProps = {
  terms: Terms
  title: string
  facts: readonly TermsFact[]
  /** What is in force; null where nothing is, or where these terms are. */
  before: readonly TermsFact[] | null
  useDecide: Decide
  onClose: () => void
}

/** Terms in words, with what they change of those in force; and the decision of the second person. */
export function TermsDialog({ terms, title, facts, before, useDecide, onClose }: TermsDialogProps) {
  const { t } = useTermsWords()
  const actorName = useActorName()
  const staff = useStaff()
  const { status, validFrom, proposedBy, decidedBy, reason } = terms
  return (
    <Modal
      open
      width="46rem"
      title={title}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      mask={{ closable: false }}
    >
      <div className="bank-decision">
        <dl className="bank-facts terms-facts">
          <Fact name={t('validFrom')} value={validFrom} />
          {compareFacts(facts, before).map((fact) => (
            <Fact key={fact.name} {...fact} />
          ))}
          <Fact name={t('proposedBy')} value={actorName(proposedBy)} />
          {decidedBy !== null && <Fact name={t('decidedBy')} value={actorName(decidedBy)} />}
          {reason !== null && <Fact name={t('reason')} value={reason} />}
        </dl>
        {status === 'proposed' && !may(staff, 'reconcile') && (
          <p className="notice-held">{t('readOnly')}</p>
        )}
        {status === 'proposed' && may(staff, 'reconcile') && (
          <DecisionForm id={terms.id} useDecide={useDecide} onClose={onClose} />
        )}
      </div>
    </Modal>
  )
}

function Fact({ name, value, before }: TermsFact & { before?: string | null }) {
  const { t } = useTermsWords()
  return (
    <div className={before === undefined ? '' : 'is-changed'}>
      <dt>{name}</dt>
      <dd>
        {value}
        {before !== undefined && (
          <span className="fine terms-before">
            {before === null ? t('isNew') : t('before', { value: before })}
          </span>
        )}
      </dd>
    </div>
  )
}

type DecisionFormProps = { id: string; useDecide: Decide; onClose: () => void }

/** Whoever proposed them is refused by the hub, and reads why. */
function DecisionForm({ id, useDecide, onClose }: DecisionFormProps) {
  const { t } = useTermsWords()
  const [typed, setTyped] = useState('')
  const { mutate, error, isPending } = useDecide(onClose)
  const reason = typed.trim()
  const send = (agrees: boolean) => mutate({ id, agrees, reason })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason !== '') send(true)
  }
  return (
    <form className="note-form" onSubmit={submit}>
      <label>
        {t('decisionReason')}
        <textarea
          rows={2}
          required
          maxLength={MOST_LETTERS}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      {error !== null && <Fault error={error} />}
      <p className="fine">{t('two')}</p>
      <span className="bank-acts">
        <Button type="primary" htmlType="submit" disabled={reason === ''} loading={isPending}>
          {t('agree')}
        </Button>
        <Button danger disabled={reason === '' || isPending} onClick={() => send(false)}>
          {t('refuse')}
        </Button>
      </span>
    </form>
  )
}
