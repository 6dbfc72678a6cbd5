import { type FormEvent, type MouseEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { places, useGo, type Wishes } from '../navigation.tsx'
import { Fold } from '../parts/Fold.tsx'
import { useChannelName } from '../payment/channel-name.ts'
import { payerTenderOf } from '../payment/story.ts'
import {
  type Choice,
  inLanguage,
  type Offer,
  reasonText,
  rejectionText,
  type Rejected,
  saysOfItself,
  wishFor,
} from './way.ts'

/** How the payer will pay the rest, why that way is proposed, and the other ways there are. */
export function WayToPay({ payment, wishes }: { payment: Payment; wishes: Wishes }) {
  const { t, i18n } = useTranslation()
  const nameOf = useChannelName(payment)
  const choice = payment.channelChoice
  const tender = payerTenderOf(payment)
  if (!tender) return null
  const proposed = choice?.offered.find(({ channel }) => channel === tender.provider)
  const isNamed = wishes.channel === tender.provider
  return (
    <section className="card" aria-labelledby="way">
      <h2 id="way">{t('way.title')}</h2>
      <div className="way-proposed">
        <p>
          <strong>{nameOf(tender.provider)}</strong>
          {tender.method && <span>{t(`way.methods.${tender.method}`)}</span>}
        </p>
        {proposed && (
          <p className="note">
            {isNamed ? t('way.chosen') : reasonText(t, proposed.reasons, i18n.language)}
          </p>
        )}
      </div>
      {choice && (
        <Fold title={t('way.change')}>
          <Offers key={payment.id} payment={payment} choice={choice} wishes={wishes} />
          {choice.notOffered.length > 0 && (
            <Fold title={t('way.notNow', { count: choice.notOffered.length })}>
              <NotOffered ways={choice.notOffered} />
            </Fold>
          )}
        </Fold>
      )}
    </section>
  )
}

/**
 * The ways that are open. A touch on one takes it at once. With the arrow keys one goes through them, so nothing may
 * happen by that alone: there the button takes the one that is marked.
 */
function Offers({ payment, choice, wishes }: OffersProps) {
  const { t, i18n } = useTranslation()
  const go = useGo()
  const { offered } = choice
  const taken = offered.find((offer) => keyOf(offer) === keyOf(choice))
  const [marked, setMarked] = useState(taken)
  if (offered.length < 2) return <p>{t('way.only')}</p>
  const take = (offer: Offer) => {
    if (offer === taken) return
    const { channel: _channel, method: _method, ...others } = wishes
    const wanted = { ...others, ...wishFor(choice, offer) }
    void go(places.pay(payment.hospitalId, payment.bills, wanted), { replace: true })
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (marked) take(marked)
  }
  return (
    <form onSubmit={onSubmit}>
      <fieldset className="ways">
        <legend className="note">{t('way.choose')}</legend>
        {offered.map((offer, i) => (
          <label
            key={keyOf(offer)}
            className="way"
            onClick={(event) => isTouch(event) && take(offer)}
          >
            <input
              type="radio"
              name="way"
              checked={offer === marked}
              onChange={() => setMarked(offer)}
            />
            <span className="way-words">
              <strong>{inLanguage(offer.title, i18n.language)}</strong>
              <span>{t(`way.methods.${offer.method}`)}</span>
              {(i === 0 || saysOfItself(offer.reasons)) && (
                <span className="note">{reasonText(t, offer.reasons, i18n.language)}</span>
              )}
            </span>
          </label>
        ))}
      </fieldset>
      {marked && marked !== taken && (
        <button type="submit" className="button button-primary way-take">
          {t('way.take', { channel: inLanguage(marked.title, i18n.language) })}
        </button>
      )}
    </form>
  )
}

type OffersProps = { payment: Payment; choice: Choice; wishes: Wishes }

const keyOf = ({ channel, method }: Pick<Offer, 'channel' | 'method'>) => `${channel} ${method}`

/** A key that moves the mark makes a click, too: one that no pointer has counted. */
const isTouch = ({ detail }: MouseEvent) => detail > 0

function NotOffered({ ways }: { ways: readonly Rejected[] }) {
  const { t, i18n } = useTranslation()
  return (
    <ul className="ways-off">
      {ways.map(({ channel, title, reason }) => (
        <li key={channel}>
          <span>{inLanguage(title, i18n.language)}</span>
          <span className="note">{rejectionText(t, reason, i18n.language)}</span>
        </li>
      ))}
    </ul>
  )
}
