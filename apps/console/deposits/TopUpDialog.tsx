import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'

import { amountText } from '../../web/amount.ts'
import { readAmount } from '../benefits/AllotDialog.tsx'
import { SelectField } from '../channels/SelectField.tsx'
import { TextField } from '../channels/TextField.tsx'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { type Account, WAYS } from './model.ts'
import { useTopUp } from './use-deposits.ts'
import { useDepositWords, useWayName } from './words.ts'

const MOST_FEN = 100_000_000
const MOST_LETTERS = 55

type TopUpDialogProps = { account: Account; onClose: () => void }

/** Money that came in at the window or by transfer, entered once under its number. */
export function TopUpDialog({ account, onClose }: TopUpDialogProps) {
  const { t } = useDepositWords()
  const { hospitalId } = useStaff()
  const wayName = useWayName()
  const [channel, setChannel] = useState<string>(WAYS[0])
  const [typed, setTyped] = useState('')
  const [amount, setAmount] = useState('')
  const path = { hospitalId, id: account.id }
  const topUp = useTopUp(path, { words: t('topUp.done'), onDone: onClose })
  const channelNo = typed.trim()
  const isNumber = /^[!-~]{1,55}$/.test(channelNo)
  const amountFen = readAmount(amount, MOST_FEN)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isNumber && amountFen !== null) topUp.mutate({ channel, channelNo, amountFen })
  }
  return (
    <Modal
      open
      title={t('topUp.open')}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      mask={{ closable: false }}
    >
      <form className="note-form" onSubmit={submit}>
        <SelectField
          label={t('topUp.way')}
          value={channel}
          options={WAYS.map((value) => ({ value, label: wayName(value) }))}
          onChange={setChannel}
        />
        <TextField
          label={t('topUp.number')}
          value={typed}
          maxLength={MOST_LETTERS}
          isWrong={channelNo !== '' && !isNumber}
          hint={t('topUp.numberHint')}
          onChange={setTyped}
        />
        <TextField
          label={t('topUp.amount')}
          value={amount}
          isNumber
          isWrong={amount !== '' && amountFen === null}
          onChange={setAmount}
        />
        <p className="fine">{t('topUp.hint')}</p>
        {topUp.error !== null && <Fault error={topUp.error} />}
        <Button
          type="primary"
          htmlType="submit"
          disabled={!isNumber || amountFen === null}
          loading={topUp.isPending}
        >
          {amountFen === null ? t('topUp.open') : t('topUp.act', { amount: amountText(amountFen) })}
        </Button>
      </form>
    </Modal>
  )
}
