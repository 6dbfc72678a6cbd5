import { Button, Modal } from 'antd'
import { type FormEvent, type ReactNode, useState } from 'react'

import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { TextField } from '../channels/TextField.tsx'
import { CopyText } from '../list/CopyText.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { may, useStaff } from '../shell/staff.ts'
import type { Payout } from './model.ts'
import { useActor, useHospitalName } from './names.ts'
import { useDecidePayout } from './use-money.ts'
import { LOOK_OF, useBankWords } from './words.ts'

const MOST_LETTERS = 64

type PayoutDialogProps = { payout: Payout; onClose: () => void }

/** One payout: who proposed it and for what; another of the staff agrees with the transfer's number, or refuses. */
export function PayoutDialog({ payout, onClose }: PayoutDialogProps) {
  const { t } = useBankWords()
  const staff = useStaff()
  const isMine = payout.proposedBy === `staff:${staff.staffId}`
  const obstacle = !may(staff, 'decideLending') ? 'readOnly' : isMine ? 'payouts.mine' : null
  return (
    <Modal
      open
      title={t('payouts.one')}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      mask={{ closable: false }}
    >
      <div className="bank-decision">
        <Facts payout={payout} />
        {payout.status === 'proposed' && obstacle && <p className="notice-held">{t(obstacle)}</p>}
        {payout.status === 'proposed' && !obstacle && (
          <DecisionForm payout={payout} onClose={onClose} />
        )}
      </div>
    </Modal>
  )
}

function Facts({ payout }: { payout: Payout }) {
  const { t } = useBankWords()
  const actorName = useActor()
  const hospitalName = useHospitalName()
  const { hospitalId, accountNo, status, transferNo } = payout
  const by = (actor: string, at: string | null) => (
    <>
      {actorName(actor)} <Moment at={at} form="exact" />
    </>
  )
  const to =
    hospitalId === null
      ? accountNo === null
        ? t('account.none')
        : `${t('account.no')} ${accountNo}`
      : hospitalName(hospitalId)
  const facts: [string, ReactNode][] = [
    [t('payouts.to'), to],
    [t('amount'), <Amount key="v" fen={payout.amountFen} />],
    [
      t('status'),
      <StatusChip key="v" {...LOOK_OF.payout[status]} text={t(`statuses.payout.${status}`)} />,
    ],
    [t('payouts.grounds'), payout.grounds],
    [t('payouts.proposedBy'), by(payout.proposedBy, payout.proposedAt)],
  ]
  if (payout.decidedBy !== null) {
    facts.push([t('payouts.decidedBy'), by(payout.decidedBy, payout.decidedAt)])
  }
  if (transferNo !== null)
    facts.push([t('payouts.transferNo'), <CopyText key="v" text={transferNo} />])
  return (
    <dl className="bank-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function DecisionForm({ payout, onClose }: PayoutDialogProps) {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const [typed, setTyped] = useState('')
  const path = { lenderId, id: payout.id }
  const decide = useDecidePayout(path, { words: t('payouts.decided'), onDone: onClose })
  const transferNo = typed.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (transferNo !== '') decide.mutate(transferNo)
  }
  return (
    <form className="note-form" onSubmit={submit}>
      <TextField
        label={t('payouts.transferNo')}
        value={typed}
        maxLength={MOST_LETTERS}
        hint={t('payouts.transferHint')}
        onChange={setTyped}
      />
      {decide.error !== null && <Fault error={decide.error} />}
      <span className="bank-acts">
        <Button
          type="primary"
          htmlType="submit"
          disabled={transferNo === ''}
          loading={decide.isPending}
        >
          {t('payouts.agree', { amount: amountText(payout.amountFen) })}
        </Button>
        <Button danger disabled={decide.isPending} onClick={() => decide.mutate(null)}>
          {t('payouts.refuse')}
        </Button>
      </span>
    </form>
  )
}
