import { useTranslation } from 'react-i18next'

import type { CreditLine, CreditOffer } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Go, places } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { RateRange } from './Rate.tsx'
import { inLanguage, useOffers } from './use-credit.ts'

/** What can be applied for: the products of lenders with whom the person has no limit, each with its yearly rate. */
export function OffersList({ lines }: { lines: readonly CreditLine[] }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useOffers()
  const taken = new Set(lines.filter(({ status }) => status !== 'ended').map((l) => l.lenderId))
  const offers = (data?.items ?? []).filter(({ lenderId }) => !taken.has(lenderId))
  if (data && offers.length === 0 && lines.length > 0) return null
  return (
    <section className="offers" aria-labelledby="offers">
      <h2 id="offers">{t('credit:offers')}</h2>
      {offers.map((offer) => (
        <OfferCard key={`${offer.lenderId} ${offer.productId}`} offer={offer} />
      ))}
      {data && offers.length === 0 && <p className="card note">{t('credit:noOffers')}</p>}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && (
        <div className="card">
          <Waiting rows={3} />
        </div>
      )}
    </section>
  )
}

function OfferCard({ offer }: { offer: CreditOffer }) {
  const { t, i18n } = useTranslation()
  return (
    <article className="card">
      <div className="card-head">
        <h3>{inLanguage(offer.name, i18n.language)}</h3>
        <span className="note">{inLanguage(offer.lender, i18n.language)}</span>
      </div>
      <p>{t(`credit:kinds.${offer.kind}`)}</p>
      <p className="row-line">
        <span>{t('credit:upTo', { amount: amountText(offer.mostFen) })}</span>
        <span>{t('credit:offer.freeDaysValue', { days: offer.freeDays })}</span>
      </p>
      <RateRange ways={offer.ways} />
      <Go place={places.creditOffer(offer.lenderId, offer.productId)} className="button">
        {t('credit:see')}
      </Go>
    </article>
  )
}

/** 'Instalments, the same each month, 6 of them'. */
export const wayWords = (
  t: ReturnType<typeof useTranslation>['t'],
  { way, periods }: { way: string; periods: number },
): string =>
  periods > 1
    ? `${t(`credit:ways.${way}`)} · ${t('credit:periods', { count: periods })}`
    : t(`credit:ways.${way}`)
