import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Agreement } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Toggle } from '../parts/Toggle.tsx'
import { LimitsForm } from './LimitsForm.tsx'
import { type Offer, useChangeLimits, useRevoke, useSign } from './use-agreements.ts'

/** One channel of a hospital: the switch, and what belongs to it as it stands now. */
export function OfferCard({ hospitalId, offer, agreement }: OfferCardProps) {
  const { t } = useTranslation()
  const [isChoosing, setChoosing] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const channel = t(`common:providers.${offer.channel}`, offer.channel)
  const state = agreement?.state ?? 'revoked'
  const isOn = state === 'active'
  return (
    <div className="card agreement">
      <Toggle
        label={`${channel} · ${t('agreement.title')}`}
        isOn={isOn}
        disabled={state === 'unknown' || state === 'signing'}
        onChange={(on) => (on ? setChoosing(true) : setAsking(true))}
      />
      <p role="status" className={isOn ? 'agreement-on' : undefined}>
        {t(WORDS_OF_STATE[state], { channel })}
      </p>
      {agreement && state === 'revoked' && !isChoosing && agreement.endReason !== null && (
        <p className="note">{t(`agreement.endedBy.${agreement.endReason}`, { channel })}</p>
      )}
      {state === 'revoking' && <p className="note">{t('agreement.revokingNote', { channel })}</p>}
      {agreement && isOn && <Held agreement={agreement} offer={offer} />}
      {state === 'signing' && agreement && (
        <Sign hospitalId={hospitalId} offer={offer} channel={channel} kept={agreement} />
      )}
      {isChoosing && !isOn && state !== 'signing' && (
        <Sign
          hospitalId={hospitalId}
          offer={offer}
          channel={channel}
          kept={null}
          onCancel={() => setChoosing(false)}
        />
      )}
      {agreement && (isOn || state === 'signing') && (
        <End agreement={agreement} isAsking={isAsking} setAsking={setAsking} />
      )}
    </div>
  )
}

const WORDS_OF_STATE: Record<Agreement['state'], string> = {
  active: 'agreement.on',
  signing: 'agreement.signing',
  unknown: 'agreement.unknown',
  revoking: 'agreement.revoking',
  revoked: 'agreement.off',
}

function Held({ agreement, offer }: { agreement: Agreement; offer: Offer }) {
  const { t } = useTranslation()
  const [isChanging, setChanging] = useState(false)
  const change = useChangeLimits(agreement)
  return (
    <>
      <dl className="facts">
        <Fact name={t('agreement.usedToday')} fen={agreement.usedTodayFen} />
        <Fact name={t('agreement.leftToday')} fen={agreement.leftTodayFen} />
        <Fact name={t('agreement.perPayment')} fen={agreement.limitPerPaymentFen} />
        <Fact name={t('agreement.perDay')} fen={agreement.limitPerDayFen} />
        <div>
          <dt>{t('agreement.number')}</dt>
          <dd>{agreement.agreementNo}</dd>
        </div>
      </dl>
      {change.error && <FailureBox error={change.error} />}
      {change.isSuccess && !isChanging && <p role="status">{t('agreement.saved')}</p>}
      {isChanging ? (
        <LimitsForm
          offer={offer}
          kept={agreement}
          yes={t('agreement.save')}
          isSending={change.isPending}
          onYes={(limits) => change.mutate(limits, { onSuccess: () => setChanging(false) })}
          onCancel={() => setChanging(false)}
        />
      ) : (
        <button type="button" className="button" onClick={() => setChanging(true)}>
          {t('agreement.change')}
        </button>
      )}
    </>
  )
}

const Fact = ({ name, fen }: { name: string; fen: number }) => (
  <div>
    <dt>{name}</dt>
    <dd>
      <Amount fen={fen} />
    </dd>
  </div>
)

function Sign({ hospitalId, offer, channel, kept, onCancel }: SignProps) {
  const { t } = useTranslation()
  const sign = useSign(hospitalId, offer.channel)
  const noPage = sign.isSuccess && sign.data === null
  return (
    <>
      {sign.error && <FailureBox error={sign.error} />}
      {noPage && <p role="alert">{t('agreement.noPage', { channel })}</p>}
      <LimitsForm
        offer={offer}
        kept={kept}
        yes={t(kept ? 'agreement.goSignAgain' : 'agreement.goSign', { channel })}
        isSending={sign.isPending}
        onYes={(limits) => sign.mutate(limits)}
        {...(onCancel ? { onCancel } : {})}
      />
    </>
  )
}

function End({ agreement, isAsking, setAsking }: EndProps) {
  const { t } = useTranslation()
  const revoke = useRevoke(agreement)
  const isOn = agreement.state === 'active'
  return (
    <>
      {revoke.error && <FailureBox error={revoke.error} />}
      <button
        type="button"
        className="button button-plain"
        disabled={revoke.isPending}
        onClick={() => (isOn ? setAsking(true) : revoke.mutate())}
      >
        {t(isOn ? 'agreement.end' : 'agreement.stop')}
      </button>
      {isAsking && (
        <Confirm
          title={t('agreement.end')}
          yes={t('agreement.endYes')}
          no={t('agreement.endNo')}
          onYes={() => {
            setAsking(false)
            revoke.mutate()
          }}
          onNo={() => setAsking(false)}
        >
          {t('agreement.endNote')}
        </Confirm>
      )}
    </>
  )
}

type OfferCardProps = { hospitalId: number; offer: Offer; agreement: Agreement | null }

type SignProps = {
  hospitalId: number
  offer: Offer
  channel: string
  kept: Agreement | null
  onCancel?: () => void
}

type EndProps = {
  agreement: Agreement
  isAsking: boolean
  setAsking: (isAsking: boolean) => void
}
