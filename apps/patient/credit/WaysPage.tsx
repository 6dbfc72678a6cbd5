import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { LoanWayOffer } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Amount } from '../../web/Amount.tsx'
import { query } from '../api.ts'
import { places, useGo } from '../navigation.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { dayText } from '../parts/day.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Fold } from '../parts/Fold.tsx'
import { percentText } from '../parts/percent.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { Page } from '../shell/Page.tsx'
import { wayWords } from './OffersList.tsx'
import { Rate } from './Rate.tsx'
import { useChangeWay, type WayConsent } from './use-credit.ts'

/** The instalments that are offered for a loan, each with its yearly rate, its total and every day it is due. */
export function WaysPage({ lenderId, id }: { lenderId: number; id: string }) {
  const { t } = useTranslation()
  const go = useGo()
  const { data, error, refetch } = useWays(lenderId, id)
  const change = useChangeWay(lenderId, id)
  const loan = places.loan(lenderId, id)
  const take = (consent: WayConsent) =>
    change.mutate(consent, {
      onSuccess: () => void go(loan, { replace: true }),
      onError: () => void refetch(),
    })
  return (
    <Page title={t('credit:waysPage.title')} back={loan}>
      <p>{t('credit:waysPage.lead')}</p>
      {change.error && <FailureBox error={change.error} />}
      {data?.items.map((offer) => (
        <WayCard
          key={`${offer.way} ${offer.periods}`}
          offer={offer}
          isSending={change.isPending}
          onTake={take}
        />
      ))}
      {data?.items.length === 0 && <p className="card">{t('credit:waysPage.none')}</p>}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && (
        <section className="card">
          <Waiting rows={5} />
        </section>
      )}
    </Page>
  )
}

const useWays = (lenderId: number, id: string) =>
  query.useQuery('get', '/v1/credit/lenders/{lenderId}/loans/{id}/ways', {
    params: { path: { lenderId, id } },
  })

function WayCard({ offer, isSending, onTake }: WayCardProps) {
  const { t, i18n } = useTranslation()
  const [isAsking, setAsking] = useState(false)
  const { way, periods, aprPpm, totalFen, costFen, schedule, refusedBy } = offer
  if (refusedBy !== null || aprPpm === null || way === 'flat_fee_up_front') {
    const key = `errors:${refusedBy ?? 'http.failed'}`
    const reason = i18n.exists(key) ? t(key) : t('sources.off.other')
    return (
      <section className="card">
        <h2>{wayWords(t, offer)}</h2>
        <p className="note">{t('credit:waysPage.refused', { reason })}</p>
      </section>
    )
  }
  const rate = percentText(aprPpm)
  const money = { total: amountText(totalFen), cost: amountText(costFen) }
  return (
    <section className="card" aria-label={wayWords(t, offer)}>
      <h2>{wayWords(t, offer)}</h2>
      <Rate ppm={aprPpm} disclosure={offer.disclosure} />
      <p className="row-line">
        <strong>{t('credit:waysPage.each', { amount: amountText(eachFenOf(offer)) })}</strong>
        <span>{t('credit:waysPage.total', { amount: money.total })}</span>
      </p>
      <p>
        {costFen > 0
          ? t('credit:waysPage.cost', { amount: money.cost })
          : t('credit:waysPage.free')}
      </p>
      <Fold title={t('credit:waysPage.see')}>
        <ol className="rows">
          {schedule.map((due) => (
            <li key={due.no} className="row-line">
              <span>
                {t('credit:loan.no', { no: due.no })} · {dayText(due.dueOn, i18n.language)}
              </span>
              <Amount fen={due.principalFen + due.interestFen + due.feeFen} />
            </li>
          ))}
        </ol>
      </Fold>
      <button
        type="button"
        className="button button-primary"
        disabled={isSending}
        onClick={() => setAsking(true)}
      >
        {t('credit:waysPage.take')}
      </button>
      {isAsking && (
        <Confirm
          title={t('credit:waysPage.confirmTitle', { count: periods })}
          yes={t('credit:waysPage.yes')}
          no={t('credit:waysPage.no')}
          onYes={() => {
            setAsking(false)
            onTake({ way, periods, aprPpm, totalFen })
          }}
          onNo={() => setAsking(false)}
        >
          {t('credit:waysPage.confirm', { rate, ...money })}
        </Confirm>
      )}
    </section>
  )
}

/** The first instalment: with equal principal it is the largest of them. */
function eachFenOf({ schedule }: LoanWayOffer): number {
  const [first] = schedule
  return first ? first.principalFen + first.interestFen + first.feeFen : 0
}

type WayCardProps = {
  offer: LoanWayOffer
  isSending: boolean
  onTake: (consent: WayConsent) => void
}
