import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'

import { amountText } from '../../web/amount.ts'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import type { Collection } from './model.ts'
import { useRefuseCollection } from './use-money.ts'
import { useBankWords } from './words.ts'

const MOST_LETTERS = 200

type RefusalDialogProps = { collection: Collection; onClose: () => void }

/** The bank could not take what was announced, and says why; the debt stays. */
export function RefusalDialog({ collection, onClose }: RefusalDialogProps) {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const [reason, setReason] = useState('')
  const path = { lenderId, number: collection.number }
  const refuse = useRefuseCollection(path, { words: t('collections.refused'), onDone: onClose })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason.trim() !== '') refuse.mutate(reason.trim())
  }
  return (
    <Modal
      open
      title={t('collections.refuseTitle', { amount: amountText(collection.amountFen) })}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      mask={{ closable: false }}
    >
      <form className="note-form" onSubmit={submit}>
        <p className="fine">{t('collections.refuseHint')}</p>
        <label>
          {t('collections.reason')}
          <textarea
            rows={2}
            required
            maxLength={MOST_LETTERS}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        {refuse.error !== null && <Fault error={refuse.error} />}
        <Button danger htmlType="submit" disabled={reason.trim() === ''} loading={refuse.isPending}>
          {t('collections.refuse')}
        </Button>
      </form>
    </Modal>
  )
}
