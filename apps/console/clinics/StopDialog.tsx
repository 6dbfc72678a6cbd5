import { Button, Input, Modal, Skeleton } from 'antd'
import { useState } from 'react'

import { amountText } from '../../web/amount.ts'
import { Fault } from '../list/Fault.tsx'
import { usePreviews, usePropose } from './use-clinics.ts'
import { type Session, useClinicWords, useSessionTime } from './words.ts'

const MOST_LETTERS = 200

type StopDialogProps = {
  sessions: readonly Session[]
  onClose: () => void
  onDone: () => void
}

/** 停诊: whom it reaches, what each is offered and how much money it is; then the reason. Another person confirms it. */
export function StopDialog({ sessions, onClose, onDone }: StopDialogProps) {
  const { t } = useClinicWords()
  const previews = usePreviews(sessions.map(({ id }) => id))
  const error = previews.find((one) => one.error)?.error
  const impacts = previews.flatMap(({ data }) => (data ? [data.impact] : []))
  const isKnown = impacts.length === sessions.length
  const sum = (of: (impact: (typeof impacts)[number]) => number) =>
    impacts.reduce((total, impact) => total + of(impact), 0)
  const people = sum(({ booked, held, checkedIn }) => booked + held + checkedIn)
  const paid = sum((impact) => impact.paid)
  const money = amountText(sum(({ refundFen }) => refundFen))
  return (
    <Modal
      open
      title={t('stop.title', { count: sessions.length })}
      onCancel={onClose}
      footer={null}
      width="44rem"
      destroyOnHidden
      mask={{ closable: false }}
    >
      <div className="refund">
        <ul className="clinic-stops">
          {sessions.map((session, i) => (
            <Impact key={session.id} session={session} preview={previews[i]?.data} />
          ))}
        </ul>
        {isKnown && (
          <p className="notice-held" role="status">
            {t('stop.sum', { count: people, paid, money })}
          </p>
        )}
        {error ? (
          <Fault
            error={error}
            onRetry={() => void Promise.all(previews.map(({ refetch }) => refetch()))}
          />
        ) : null}
        <Proposal
          ids={sessions.map(({ id }) => id)}
          people={isKnown ? people : null}
          onClose={onClose}
          onDone={onDone}
        />
      </div>
    </Modal>
  )
}

type ProposalProps = Omit<StopDialogProps, 'sessions'> & {
  ids: readonly string[]
  /** Null while it is not known: nobody stops a clinic without having seen whom it reaches. */
  people: number | null
}

function Proposal({ ids, people, onClose, onDone }: ProposalProps) {
  const { t } = useClinicWords()
  const [reason, setReason] = useState('')
  const propose = usePropose(t('stop.proposed'))
  const text = reason.trim()
  const onSuccess = () => {
    onDone()
    onClose()
  }
  return (
    <>
      <label>
        {t('stop.reason')}
        <Input.TextArea
          rows={2}
          maxLength={MOST_LETTERS}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </label>
      {propose.error !== null && <Fault error={propose.error} />}
      <footer className="refund-foot">
        <p className="fine">{t('stop.second')}</p>
        <Button onClick={onClose}>{t('stop.back')}</Button>
        <Button
          type="primary"
          danger
          disabled={people === null || text === ''}
          loading={propose.isPending}
          onClick={() => propose.mutate({ ids, reason: text }, { onSuccess })}
        >
          {t('stop.propose', { count: people ?? 0 })}
        </Button>
      </footer>
    </>
  )
}

type Preview = NonNullable<ReturnType<typeof usePreviews>[number]['data']>

function Impact({ session, preview }: { session: Session; preview: Preview | undefined }) {
  const timeOf = useSessionTime()
  return (
    <li>
      <strong>
        {session.department.name} {session.doctor.name} {timeOf(session)}
      </strong>
      {preview ? <Offers preview={preview} /> : <Skeleton active paragraph={{ rows: 1 }} />}
    </li>
  )
}

function Offers({ preview: { impact, offers } }: { preview: Preview }) {
  const { t } = useClinicWords()
  const timeOf = useSessionTime()
  const { booked, held, checkedIn, paid, refundFen } = impact
  return (
    <>
      <p>{t('stop.people', { booked, held, checkedIn })}</p>
      <p>{t('stop.money', { count: paid, money: amountText(refundFen) })}</p>
      {offers.length === 0 ? (
        <p>{t('stop.noOffers')}</p>
      ) : (
        <>
          <p>{t('stop.offers', { slots: impact.equalSlots })}</p>
          <ul>
            {offers.map((offer) => (
              <li key={offer.id}>
                {offer.doctor.name} {timeOf(offer)} {t('stop.left', { count: offer.left })}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
