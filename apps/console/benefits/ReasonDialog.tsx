import { Button, Modal } from 'antd'
import { type FormEvent, type ReactNode, useState } from 'react'

import { Fault } from '../list/Fault.tsx'
import { useBenefitWords } from './words.ts'

const MOST_LETTERS = 200

type ReasonDialogProps = {
  title: string
  hint: string
  act: string
  change: { mutate: (reason: string) => void; error: unknown; isPending: boolean }
  onClose: () => void
  children?: ReactNode
}

/** An act that cannot be taken back, with its reason. What was typed stays when it fails. */
export function ReasonDialog({ title, hint, act, change, onClose, children }: ReasonDialogProps) {
  const { t } = useBenefitWords()
  const [typed, setTyped] = useState('')
  const reason = typed.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason !== '') change.mutate(reason)
  }
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      mask={{ closable: false }}
    >
      <form className="note-form" onSubmit={submit}>
        {children}
        <p className="fine">{hint}</p>
        <label>
          {t('reason')}
          <textarea
            rows={2}
            required
            maxLength={MOST_LETTERS}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        {change.error !== null && <Fault error={change.error} />}
        <Button danger htmlType="submit" disabled={reason === ''} loading={change.isPending}>
          {act}
        </Button>
      </form>
    </Modal>
  )
}
