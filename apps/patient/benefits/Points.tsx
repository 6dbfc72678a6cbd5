import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { BenefitPoints, VoucherOffer } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Moment } from '../../web/Moment.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { dayText } from '../parts/day.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Fold } from '../parts/Fold.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { useBenefitName } from './use-benefit-name.ts'
import { useExchange, usePoints } from './use-benefits.ts'

/** How many points there are, until when, and where they came from and went. */
export function Points({ hospitalId }: { hospitalId: number }) {
  const { t, i18n } = useTranslation('payers')
  const { data, error, refetch } = usePoints(hospitalId)
  return (
    <section className="card" aria-label={t('benefits.points')}>
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Waiting rows={2} />}
      {data && (
        <>
          <p className="total">
            <span>{t('benefits.points')}</span>
            <span className="amount">{data.points}</span>
          </p>
          <p className="note">{t('benefits.pointsNote')}</p>
          <ul>
            {data.lots
              .filter(({ rest }) => rest > 0)
              .map(({ year, rest, expiresOn }) => (
                <li key={year} className="fine-print">
                  {t('benefits.lot', { rest, day: dayText(expiresOn, i18n.language) })}
                </li>
              ))}
          </ul>
          {data.entries.length > 0 && (
            <Fold title={t('benefits.entries')}>
              <Entries entries={data.entries} />
            </Fold>
          )}
        </>
      )}
    </section>
  )
}

function Entries({ entries }: { entries: BenefitPoints['entries'] }) {
  const { t } = useTranslation('payers')
  return (
    <ul className="rows">
      {entries.map(({ id, kind, event, points, at }) => (
        <li key={id} className="moved">
          <span>
            {t(event === null ? `benefits.entryKinds.${kind}` : `benefits.events.${event}`)}
            <span className="fine-print">
              {' '}
              <Moment at={at} form="day" />
            </span>
          </span>
          <span className="amount">
            {kind === 'earned' ? '+' : '−'}
            {points}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** What points can be exchanged for at one hospital. */
export function Offers({ hospitalId, offers }: { hospitalId: number; offers: VoucherOffer[] }) {
  const { t } = useTranslation('payers')
  const points = usePoints(hospitalId).data?.points ?? null
  if (offers.length === 0) return null
  return (
    <div className="card" role="group" aria-label={t('benefits.exchange')}>
      <h3>{t('benefits.exchange')}</h3>
      <ul className="rows">
        {offers.map((offer) => (
          <li key={`${offer.programmeId} ${offer.code}`} className="offer">
            <Offer hospitalId={hospitalId} offer={offer} points={points} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Offer({ hospitalId, offer, points }: OfferProps) {
  const { t } = useTranslation('payers')
  const nameOf = useBenefitName()
  const [isAsking, setAsking] = useState(false)
  const exchange = useExchange(hospitalId, offer)
  const words = {
    name: nameOf(offer.name),
    points: offer.points,
    amount: amountText(offer.amountFen),
    days: offer.validDays,
  }
  const lacking = points === null ? 0 : offer.points - points
  return (
    <>
      <p>
        {t('benefits.offer', words)}
        <span className="fine-print"> {t('benefits.offerDays', words)}</span>
      </p>
      {exchange.error && <FailureBox error={exchange.error} />}
      {exchange.isSuccess && (
        <p role="status" className="agreement-on">
          <Icon name="done" /> {t('benefits.exchanged', words)}
        </p>
      )}
      {lacking > 0 ? (
        <p className="note">{t('benefits.lacking', { lacking })}</p>
      ) : (
        <button
          type="button"
          className="button"
          disabled={exchange.isPending || points === null}
          onClick={() => setAsking(true)}
        >
          {t('benefits.exchangeFor', words)}
        </button>
      )}
      {isAsking && (
        <Confirm
          title={t('benefits.exchange')}
          yes={t('benefits.exchangeYes')}
          no={t('benefits.exchangeNo')}
          onYes={() => {
            setAsking(false)
            exchange.mutate()
          }}
          onNo={() => setAsking(false)}
        >
          {t('benefits.exchangeNote', words)}
        </Confirm>
      )}
    </>
  )
}

type OfferProps = { hospitalId: number; offer: VoucherOffer; points: number | null }
