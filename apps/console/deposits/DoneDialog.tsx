import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'

import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Facts } from '../benefits/Facts.tsx'
import { useActor } from '../benefits/words.ts'
import { TextField } from '../channels/TextField.tsx'
import { CopyText } from '../list/CopyText.tsx'
import { Fault } from '../list/Fault.tsx'
import { may, useStaff } from '../shell/staff.ts'
import type { GiveBack } from './model.ts'
import { useGivenBack } from './use-deposits.ts'
import { useDepositWords, useWayName } from './words.ts'

const MOST_LETTERS = 64

type DoneDialogProps = { giveBack: GiveBack; onClose: () => void }

/** Another person than who asked says that a part has gone back, by its number at the channel. */
export function DoneDialog({ giveBack, onClose }: DoneDialogProps) {
  const { t } = useDepositWords()
  const staff = useStaff()
  const wayName = useWayName()
  const actorName = useActor()
  const { amountFen, channel, channelNo, askedBy } = giveBack
  const isMine = askedBy === `staff:${staff.staffId}`
  const obstacle = !may(staff, 'keepDeposits') ? 'readOnly' : isMine ? 'backs.mine' : null
  return (
    <Modal
      open
      title={t('backs.record')}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      mask={{ closable: false }}
    >
      <div className="bank-decision">
        <Facts
          facts={[
            { name: t('amount'), value: <Amount fen={amountFen} /> },
            { name: t('backs.way'), value: wayName(channel) },
            { name: t('backs.cameAs'), value: <CopyText text={channelNo} /> },
            { name: t('backs.askedBy'), value: actorName(askedBy) },
          ]}
        />
        {obstacle ? (
          <p className="notice-held">{t(obstacle)}</p>
        ) : (
          <DoneForm giveBack={giveBack} onClose={onClose} />
        )}
      </div>
    </Modal>
  )
}

function DoneForm({ giveBack: { id, amountFen }, onClose }: DoneDialogProps) {
  const { t } = useDepositWords()
  const { hospitalId } = useStaff()
  const [typed, setTyped] = useState('')
  const record = useGivenBack({ hospitalId, id }, { words: t('backs.done'), onDone: onClose })
  const number = typed.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (number !== '') record.mutate(number)
  }
  return (
    <form className="note-form" onSubmit={submit}>
      <TextField
        label={t('backs.number')}
        value={typed}
        maxLength={MOST_LETTERS}
        hint={t('backs.numberHint')}
        onChange={setTyped}
      />
      {record.error !== null && <Fault error={record.error} />}
      <Button type="primary" htmlType="submit" disabled={number === ''} loading={record.isPending}>
        {t('backs.confirm', { amount: amountText(amountFen) })}
      </Button>
    </form>
  )
}
