import { Link } from '@tanstack/react-router'
import { Button, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { RefundRequest } from '../../../../contract/client.ts'
import { amountText } from '../../../web/amount.ts'
import { Amount } from '../../../web/Amount.tsx'
import { Moment } from '../../../web/Moment.tsx'
import { useActorName } from '../../cases/words.ts'
import { Fault } from '../../list/Fault.tsx'
import { shortNo } from '../../payments/words.ts'
import { useApprove, useDecline } from './use-requests.ts'
import type { Act } from './words.ts'

const MOST_LETTERS = 200

type DecideDialogProps = { request: RefundRequest; act: Act; onClose: () => void }

/** All there is to decide on, and the exact amount on the button. To refuse takes a reason. */
export function DecideDialog({ request, act, onClose }: DecideDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      open
      title={t(`approvals.acts.${act}`)}
      onCancel={onClose}
      footer={null}
      width="40rem"
      destroyOnHidden
      mask={{ closable: false }}
    >
      <div className="refund">
        <Facts request={request} />
        {act !== 'look' && <Decision request={request} act={act} onClose={onClose} />}
      </div>
    </Modal>
  )
}

function Facts({ request }: { request: RefundRequest }) {
  const { t } = useTranslation()
  const actorName = useActorName()
  const { paymentId, paymentNo, lineNos, why } = request
  const lines = lineNos.length > 0 ? t('refunds.lines', { lines: lineNos.join(', ') }) : null
  const facts: [string, ReactNode][] = [
    [
      t('moves.amount'),
      <span key="v" className="refund-amount">
        <Amount fen={request.amountFen} flow="out" />
      </span>,
    ],
    [
      t('payments.no'),
      <Link key="v" to="/payments/$paymentId" params={{ paymentId }} title={paymentNo}>
        <code>{shortNo(paymentNo)}</code>
      </Link>,
    ],
    [t('refund.which'), `${request.billNo} ${lines ?? t('refund.wholeBill')}`],
    [t('refund.reason'), request.reason],
    [t('approvals.why'), why.map((reason) => t(`approvals.whys.${reason}`)).join(' ') || '—'],
    [
      t('approvals.askedBy'),
      <span key="v">
        {actorName(request.requestedBy)} <Moment at={request.createdAt} form="exact" />
      </span>,
    ],
  ]
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Decision({ request, act, onClose }: DecideDialogProps) {
  const { t } = useTranslation()
  const amount = amountText(request.amountFen)
  const [note, setNote] = useState('')
  const approve = useApprove(request, {
    words: t('approvals.approved', { amount }),
    onDone: onClose,
  })
  const decline = useDecline(request, { words: t('approvals.ended', { amount }), onDone: onClose })
  const isBusy = approve.isPending || decline.isPending
  const error = approve.error ?? decline.error
  const mayDecide = act === 'decide'
  const isSilent = note.trim() === ''
  return (
    <>
      <label>
        {t(mayDecide ? 'approvals.declineNote' : 'approvals.withdrawNote')}
        <textarea
          rows={2}
          maxLength={MOST_LETTERS}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      {error !== null && <Fault error={error} />}
      <footer className="refund-foot">
        <p className="fine">{t(`approvals.hints.${act}`)}</p>
        <Button
          danger={!mayDecide}
          disabled={isSilent || approve.isPending}
          loading={decline.isPending}
          onClick={() => decline.mutate(note.trim())}
        >
          {t(mayDecide ? 'approvals.decline' : 'approvals.withdraw')}
        </Button>
        {mayDecide && (
          <Button
            type="primary"
            danger
            disabled={isBusy}
            loading={approve.isPending}
            onClick={() => approve.mutate()}
          >
            {t('approvals.approve', { amount })}
          </Button>
        )}
      </footer>
    </>
  )
}
