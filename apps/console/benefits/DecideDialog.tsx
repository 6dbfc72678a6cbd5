import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'

import { Fault } from '../list/Fault.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { type Fact, Facts } from './Facts.tsx'
import { isProposedBy } from './model.ts'
import { type Decided, useDecide } from './use-benefits.ts'
import { useBenefitWords } from './words.ts'

const MOST_LETTERS = 200

type DecideDialogProps = {
  decided: Decided
  title: string
  facts: readonly Fact[]
  proposedBy: string
  /** What the second person says yes to, with its amount. */
  agree: string
  onClose: () => void
}

/** What one person asked for, to be decided by another: with the reason, either way. */
export function DecideDialog({ title, facts, proposedBy, onClose, ...rest }: DecideDialogProps) {
  const { t } = useBenefitWords()
  const staff = useStaff()
  const obstacle = !may(staff, 'grantBenefits')
    ? 'readOnly'
    : isProposedBy(proposedBy, staff)
      ? 'decide.mine'
      : null
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      mask={{ closable: false }}
    >
      <div className="bank-decision">
        <Facts facts={facts} />
        {obstacle ? (
          <p className="notice-held">{t(obstacle)}</p>
        ) : (
          <DecisionForm {...rest} onClose={onClose} />
        )}
      </div>
    </Modal>
  )
}

function DecisionForm({
  decided,
  agree,
  onClose,
}: Pick<DecideDialogProps, 'decided' | 'agree' | 'onClose'>) {
  const { t } = useBenefitWords()
  const { hospitalId } = useStaff()
  const [typed, setTyped] = useState('')
  const decide = useDecide(hospitalId, decided, { words: t('decide.done'), onDone: onClose })
  const reason = typed.trim()
  const send = (agrees: boolean) => decide.mutate({ agrees, reason })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason !== '') send(true)
  }
  return (
    <form className="note-form" onSubmit={submit}>
      <label>
        {t('decide.reason')}
        <textarea
          rows={2}
          required
          maxLength={MOST_LETTERS}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      {decide.error !== null && <Fault error={decide.error} />}
      <span className="bank-acts">
        <Button
          type="primary"
          htmlType="submit"
          disabled={reason === ''}
          loading={decide.isPending}
        >
          {agree}
        </Button>
        <Button danger disabled={reason === '' || decide.isPending} onClick={() => send(false)}>
          {t('decide.decline')}
        </Button>
      </span>
    </form>
  )
}
