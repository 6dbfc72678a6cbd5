import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'

import { fen, parseYuan, toYuanText } from '../../../kernel/money.ts'
import { amountText } from '../../web/amount.ts'
import { TextField } from '../channels/TextField.tsx'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { type PayoutTo, useProposePayout } from './use-money.ts'
import { useBankWords } from './words.ts'

const MOST_LETTERS = 200

/** Whom the bank owes something. `freeFen`: what nobody has proposed to pay yet. */
export type Creditor = { to: PayoutTo; accountNo: string | null; freeFen: number }

type ProposePayoutDialogProps = { creditor: Creditor; onClose: () => void }

/** The first of two people: how much is to be paid, and for what. */
export function ProposePayoutDialog({ creditor, onClose }: ProposePayoutDialogProps) {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const { to, freeFen } = creditor
  const [amount, setAmount] = useState(toYuanText(fen(freeFen)))
  const [grounds, setGrounds] = useState('')
  const done = { words: t('payouts.proposed'), onDone: onClose }
  const propose = useProposePayout(lenderId, to, done)
  const typed = parseYuan(amount.trim())
  const amountFen = typed === null || typed <= 0 || typed > freeFen ? null : typed
  const isReady = amountFen !== null && grounds.trim() !== ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) propose.mutate({ amountFen, grounds: grounds.trim() })
  }
  return (
    <Modal
      open
      title={t('payouts.propose')}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      mask={{ closable: false }}
    >
      <form className="note-form" onSubmit={submit}>
        <TextField
          label={t('payouts.amount')}
          value={amount}
          isNumber
          isWrong={amountFen === null}
          hint={t('payouts.most', { amount: amountText(freeFen) })}
          onChange={setAmount}
        />
        <label>
          {t('payouts.grounds')}
          <textarea
            rows={2}
            required
            maxLength={MOST_LETTERS}
            value={grounds}
            onChange={(event) => setGrounds(event.target.value)}
          />
        </label>
        <p className="fine">{t('payouts.second')}</p>
        {propose.error !== null && <Fault error={propose.error} />}
        <Button type="primary" htmlType="submit" disabled={!isReady} loading={propose.isPending}>
          {amountFen === null
            ? t('payouts.propose')
            : t('payouts.proposeAmount', { amount: amountText(amountFen) })}
        </Button>
      </form>
    </Modal>
  )
}
